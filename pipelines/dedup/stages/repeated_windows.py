"""Stage `substrings-window-groups`: of each run of k words the first stays, the shards are told of the others."""

from dataclasses import dataclass

from filters.repeats.substrings import repeated_windows, window_schema
from pipelines.dedup.places import place_columns
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.stages.windows import WINDOWS
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile


@dataclass
class RepeatedWindowsStage(DedupStage):
    """Groups a bucket by run."""

    name: str = "substrings-window-groups"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Sort a bucket; memory is bounded by four times its size."""
        setting = self.setting
        rows = WINDOWS.receive(setting, layout, unit, window_schema(place_columns(setting)))
        found = repeated_windows(rows, setting.substrings.min_words)
        progress.add(rows.num_rows, rows.nbytes, found.num_rows)
        return Result(
            InputFile(path=f"{WINDOWS.rows_kind}/{unit.name}", rows=rows.num_rows, bytes=rows.nbytes),
            (WINDOWS.send_back(setting, layout, unit, found),),
            Counts(input=rows.num_rows, kept=rows.num_rows),
        )
