"""Stage `contamination-collisions`: where documents hold n-grams of benchmarks, and how many documents hold each."""

from dataclasses import dataclass

import numpy as np

from filters.lexing.hashed_words import words_of
from filters.ngrams.collisions import count_documents
from filters.ngrams.match import find_hits
from pipelines.decontaminate.hit_files import COUNT_SCHEMA, HIT_SCHEMA, PlacedHits, count_rows, hit_rows
from pipelines.decontaminate.setting import COUNTS, HITS
from pipelines.decontaminate.stages.base import DecontaminateStage
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter, blocks, row_groups
from pipelines.engine.shard import Shard, Unit
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source, only_output, source_of
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile

BLOCK_BYTES = 4 << 20
"""Text looked at together."""


@dataclass
class CollisionsStage(DecontaminateStage):
    """Reads the texts once; everything after it reads only what was found."""

    name: str = "contamination-collisions"

    def source(self, unit: Unit, upstream: Upstream) -> Source:
        """The input file, or what the stage before has written."""
        if not isinstance(unit, Shard):
            raise TypeError(f"{unit.name} is no shard")
        documents = self.setting.documents
        return input_source(unit) if documents is None else source_of(upstream.record, documents)

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Go through the texts; memory is bounded by a row group, and 8 bytes for each n-gram of the index."""
        setting = self.setting
        index = setting.load_index().ngrams
        uri = setting.documents_uri(layout, unit)
        hits_name, counts_name = layout.data(HITS, unit.name), layout.data(COUNTS, unit.name)
        counts = np.zeros(index.ngrams, np.int64)
        rows = 0
        with (
            ShardWriter(layout.uri(hits_name), hits_name, HIT_SCHEMA, setting.write) as hits_file,
            ShardWriter(layout.uri(counts_name), counts_name, COUNT_SCHEMA, setting.write) as counts_file,
        ):
            for group in row_groups(uri, ["text"]):
                for block in blocks(group, "text", BLOCK_BYTES):
                    words = words_of(block.column("text"))
                    hits = find_hits(words, index)
                    ngrams, documents = count_documents(hits)
                    counts[ngrams] += documents
                    hits_file.write(hit_rows(PlacedHits.of(hits, words, index), rows))
                    rows += block.num_rows
                    progress.add(block.num_rows, block.column("text").nbytes, block.num_rows)
            counts_file.write(count_rows(counts))
        return Result(
            InputFile(path=uri, rows=rows, bytes=unit.input.size),
            (only_output(hits_file), only_output(counts_file)),
            Counts(input=rows, kept=rows),
        )
