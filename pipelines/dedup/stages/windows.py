"""Stage `substrings-windows`: runs of k words around anchors that repeat meet by their hash."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from filters.repeats.combine import combined_windows
from filters.repeats.substrings import ANCHORS, WORD_RANGES, window_rows
from pipelines.dedup.by_row import ByRow
from pipelines.dedup.route import Route
from pipelines.dedup.stages.anchors import ANCHORS_ROUTE
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.texts import documents_after_lines
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile

WINDOWS = Route("substrings-windows", "high", WORD_RANGES)


@dataclass
class WindowsStage(DedupStage):
    """Sends the runs around anchors of a shard, 44 bytes each, to the buckets of their hashes."""

    name: str = WINDOWS.name

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read the texts that have such anchors; memory is bounded by a row group and the exchange's buffer."""
        setting, k = self.setting, self.setting.substrings.min_words
        found = ANCHORS_ROUTE.found_of(setting, layout, unit)
        anchors = ByRow.of_nodes(*(found.column(name).to_numpy() for name in ANCHORS.names))
        documents = 0

        def rows() -> Iterator[pa.RecordBatch]:
            nonlocal documents
            for here, block in documents_after_lines(setting, layout, unit, anchors):
                document, position = anchors.of(here)
                columns = [pa.array(block.node[document]), pa.array(position).cast(pa.uint32())]
                yield window_rows(block, pa.record_batch(columns, schema=ANCHORS), k)
                documents += len(block.text)
                progress.add(len(block.text), block.text.nbytes, len(block.text))

        outputs = WINDOWS.send(setting, layout, unit, rows(), partial(combined_windows, k=k))
        return Result(
            InputFile(path=setting.corpus.documents_uri(layout, unit), rows=documents, bytes=0),
            outputs,
            Counts(input=documents, kept=documents),
        )
