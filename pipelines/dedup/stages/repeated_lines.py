"""Stage `lines-groups`: of each line the first copies stay, and the shards are told where the others are."""

from dataclasses import dataclass

from filters.repeats.lines import TOP_LINES, line_schema, repeated_lines
from pipelines.dedup.places import place_columns
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.texts import LINES
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.upstream import only_output
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import EXAMPLES, Counts, Finding, InputFile

TOP = "stages/lines-groups"
"""The folder of the lines that each bucket cuts most often."""


@dataclass
class RepeatedLinesStage(DedupStage):
    """Groups a bucket by line."""

    name: str = "lines-groups"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Sort a bucket; memory is bounded by three times its size."""
        setting = self.setting
        rows = LINES.receive(setting, layout, unit, line_schema(place_columns(setting)))
        found = repeated_lines(rows, setting.lines.max_copies, EXAMPLES)
        target = layout.data(TOP, unit.name)
        with ShardWriter(layout.uri(target), target, TOP_LINES, setting.write) as writer:
            writer.write(found.top)
        progress.add(rows.num_rows, rows.nbytes, rows.num_rows)
        return Result(
            InputFile(path=f"{LINES.rows_kind}/{unit.name}", rows=rows.num_rows, bytes=rows.nbytes),
            (LINES.send_back(setting, layout, unit, found.removed), only_output(writer)),
            Counts(input=rows.num_rows, kept=rows.num_rows),
            (
                Finding.of(
                    "lines.repeated",
                    found.lines,
                    "different lines (paragraphs) that stand in more documents than `max_copies`, and are cut from "
                    "all others",
                ),
            ),
        )
