"""Stage `substrings-anchor-groups`: the shards are told which of their anchors stand elsewhere too."""

from dataclasses import dataclass

from filters.repeats.substrings import ANCHOR_ROWS, repeated_anchors
from pipelines.dedup.stages.anchors import ANCHORS_ROUTE
from pipelines.dedup.stages.base import DedupStage
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile


@dataclass
class RepeatedAnchorsStage(DedupStage):
    """Groups a bucket by anchor."""

    name: str = "substrings-anchor-groups"

    def process(self, unit: Bucket, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Sort a bucket; memory is bounded by three times its size."""
        rows = ANCHORS_ROUTE.receive(self.setting, layout, unit, ANCHOR_ROWS)
        found = repeated_anchors(rows)
        progress.add(rows.num_rows, rows.nbytes, found.num_rows)
        return Result(
            InputFile(path=f"{ANCHORS_ROUTE.rows_kind}/{unit.name}", rows=rows.num_rows, bytes=rows.nbytes),
            (ANCHORS_ROUTE.send_back(self.setting, layout, unit, found),),
            Counts(input=rows.num_rows, kept=rows.num_rows),
        )
