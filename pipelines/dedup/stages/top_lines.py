"""Stage `lines-top`: the lines that are cut most often, in words."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.clusters.nodes import ROW_BITS
from filters.repeats.lines import TOP_LINES
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.stages.repeated_lines import TOP
from pipelines.dedup.verdicts import excerpt
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import row_groups
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import EXAMPLES, Counts, Finding, InputFile


@dataclass
class TopLinesStage(DedupStage):
    """Chooses among what the buckets name, and reads the text where each line stands first."""

    name: str = "lines-top"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read a few rows of each bucket, and a few documents; memory is bounded by a row group."""
        parts = [
            part for bucket in self.setting.bucket_names for part in row_groups(layout.uri(layout.data(TOP, bucket)))
        ]
        table = pa.Table.from_batches(parts, TOP_LINES)
        order = np.lexsort([table["hash"].to_numpy(), -table["removed"].to_numpy()])
        top = table.take(pa.array(order[:EXAMPLES])).to_pylist()
        progress.add(table.num_rows, table.nbytes, len(top))
        return Result(
            InputFile(path=TOP, rows=table.num_rows, bytes=table.nbytes),
            (),
            Counts(input=table.num_rows, kept=table.num_rows),
            (
                Finding.of(
                    "lines.most_repeated",
                    sum(line["removed"] for line in top),
                    f"copies that are cut of the {EXAMPLES} lines (paragraphs) of which most are",
                    (f'{line["removed"]:,} copies cut: "{excerpt(self._text(layout, line))}"' for line in top),
                ),
            ),
        )

    def _text(self, layout: Layout, line: dict[str, int]) -> str:
        """The line where it stands first."""
        corpus = self.setting.corpus
        shard, row = corpus.shards[line["node"] >> ROW_BITS], line["node"] & ((1 << ROW_BITS) - 1)
        for group in row_groups(corpus.documents_uri(layout, shard), ["text"]):
            if row < group.num_rows:
                text = group.column("text")[row].as_py().encode()
                return text[line["start"] : line["end"]].decode()
            row -= group.num_rows
        raise ValueError(f"{shard.name} has no row {line['node'] & ((1 << ROW_BITS) - 1)}")
