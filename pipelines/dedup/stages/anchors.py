"""Stage `substrings-anchors`: a few places of every text, as it is after lines are cut, meet by what stands there."""

from collections.abc import Iterator
from dataclasses import dataclass

import pyarrow as pa

from filters.repeats.combine import combined_anchors
from filters.repeats.substrings import ANCHORS, anchor_rows
from pipelines.dedup.route import Route
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.texts import documents_after_lines
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile

ANCHORS_ROUTE = Route("substrings-anchors", "hash", ANCHORS)


@dataclass
class AnchorsStage(DedupStage):
    """Sends the anchors of every document to the buckets of their hashes: 1.5 bytes a word for passages of 50."""

    name: str = ANCHORS_ROUTE.name

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read the texts; memory is bounded by a row group and the exchange's buffer."""
        setting, k = self.setting, self.setting.substrings.min_words
        documents = 0

        def rows() -> Iterator[pa.RecordBatch]:
            nonlocal documents
            for _, block in documents_after_lines(setting, layout, unit):
                yield anchor_rows(block, k)
                documents += len(block.text)
                progress.add(len(block.text), block.text.nbytes, len(block.text))

        outputs = ANCHORS_ROUTE.send(setting, layout, unit, rows(), combined_anchors)
        return Result(
            InputFile(path=setting.corpus.documents_uri(layout, unit), rows=documents, bytes=0),
            outputs,
            Counts(input=documents, kept=documents),
        )
