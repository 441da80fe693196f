"""Stage `contamination-common`: n-grams that so many documents hold that they are common usage, and no evidence."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.ngrams.benchmarks import BenchmarkIndex
from filters.ngrams.collisions import common_ngrams
from filters.ngrams.show import ngram_text
from pipelines.decontaminate.hit_files import COMMON_SCHEMA, count_rows
from pipelines.decontaminate.setting import COMMON, COUNTS
from pipelines.decontaminate.stages.base import DecontaminateStage
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter, row_groups
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import EXAMPLES, Counts, Finding, InputFile


@dataclass
class CommonStage(DecontaminateStage):
    """Adds up the counts of all shards."""

    name: str = "contamination-common"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read the counts of all shards; memory is 8 bytes for each n-gram of the index, and one shard's counts."""
        setting = self.setting
        index = setting.load_index()
        counts = np.zeros(index.ngrams.ngrams, np.int64)
        for shard in setting.shards:
            for batch in row_groups(layout.uri(layout.data(COUNTS, shard.name))):
                counts[batch.column("ngram").to_numpy()] += batch.column("documents").to_numpy()
        found = count_rows(counts)
        exempt = common_ngrams(counts, setting.recipe.common_usage)
        name = layout.data(COMMON, unit.name)
        columns = [*found.columns, pa.array(exempt[found.column("ngram").to_numpy()])]
        with ShardWriter(layout.uri(name), name, COMMON_SCHEMA, setting.write) as writer:
            writer.write(pa.RecordBatch.from_arrays(columns, schema=COMMON_SCHEMA))
        progress.add(found.num_rows, found.nbytes, found.num_rows)
        return Result(
            InputFile(path=COUNTS, rows=found.num_rows, bytes=0),
            (only_output(writer),),
            Counts(input=found.num_rows, kept=found.num_rows),
            (
                Finding.of(
                    "contamination.found_ngrams",
                    found.num_rows,
                    "n-grams of benchmarks that some document holds",
                    whole=index.ngrams.ngrams,
                ),
                Finding.of(
                    "contamination.common_ngrams",
                    int(exempt.sum()),
                    f"of these, those in {setting.recipe.common_usage:,} documents or more: common usage, for which no "
                    "document is dropped",
                    [f"{count:,} documents: {text}" for text, count in most_common(index, counts * exempt, EXAMPLES)],
                    whole=found.num_rows,
                ),
            ),
        )


def most_common(index: BenchmarkIndex, counts: np.ndarray, limit: int) -> list[tuple[str, int]]:
    """The words of the n-grams with the highest counts (int64[ngrams], 0: left out), and these."""
    most = np.argsort(-counts, kind="stable")[:limit]
    return [(ngram_text(index, int(ngram)), int(counts[ngram])) for ngram in most if counts[ngram]]
