"""Stage `signatures`: a row for each document, with its keys, its MinHash signature and its place among survivors."""

from dataclasses import dataclass

from pipelines.dedup.corpus import NEW_SIGNATURES
from pipelines.dedup.signatures import document_columns, sign, signature_schema
from pipelines.dedup.stages.base import DedupStage
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter, blocks, row_count, row_groups
from pipelines.engine.shard import Shard, Unit
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source, only_output, source_of
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile

BLOCK_BYTES = 2 << 20
"""Text signed at a time: enough to share words, small enough for the processor's cache."""


@dataclass
class SignStage(DedupStage):
    """Reads the documents once; an earlier corpus has its signatures already."""

    name: str = "signatures"

    def source(self, unit: Unit, upstream: Upstream) -> Source:
        """The input file, or what the stage before has written."""
        if not isinstance(unit, Shard):
            raise TypeError(f"{unit.name} is no shard")
        documents = self.setting.corpus.documents
        if documents is None or self.setting.corpus.is_earlier(unit):
            return input_source(unit)
        return source_of(upstream.record, documents)

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Sign block by block; memory is bounded by a row group."""
        corpus, settings = self.setting.corpus, self.setting.recipe
        if corpus.is_earlier(unit):
            rows = row_count(unit.input.uri)
            return Result(_input(unit, rows), (), Counts())  # they are compared with, and belong to another account
        target = layout.data(NEW_SIGNATURES, unit.name)
        rows = 0
        with ShardWriter(layout.uri(target), target, signature_schema(settings), self.setting.write) as writer:
            for group in row_groups(corpus.documents_uri(layout, unit), document_columns(settings)):
                for block in blocks(group, "text", BLOCK_BYTES):
                    writer.write(sign(block, settings))
                    rows += block.num_rows
                    progress.add(block.num_rows, block.column("text").nbytes, block.num_rows)
        return Result(_input(unit, rows), (only_output(writer),), Counts(input=rows, kept=rows))


def _input(unit: Shard, rows: int) -> InputFile:
    return InputFile(path=unit.input.uri, rows=rows, bytes=unit.input.size)
