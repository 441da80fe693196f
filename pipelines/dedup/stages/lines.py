"""Stage `lines-keys`: the lines of documents that are still alive meet by their hash."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pyarrow as pa

from filters.repeats.combine import combined_lines
from filters.repeats.lines import line_rows
from pipelines.dedup.stages.base import DedupStage
from pipelines.dedup.texts import LINES, whole_documents
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile


@dataclass
class LinesStage(DedupStage):
    """Sends every line (paragraph) that is long enough, 44 bytes each, to the bucket of its hash."""

    name: str = LINES.name

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Read the texts; memory is bounded by a row group and the exchange's buffer."""
        setting, settings = self.setting, self.setting.lines
        documents = 0

        def rows() -> Iterator[pa.RecordBatch]:
            nonlocal documents
            for _, block in whole_documents(setting, layout, unit):
                yield line_rows(block, settings.unit, settings.min_words)
                documents += len(block.text)
                progress.add(len(block.text), block.text.nbytes, len(block.text))

        outputs = LINES.send(setting, layout, unit, rows(), partial(combined_lines, max_copies=settings.max_copies))
        return Result(
            InputFile(path=setting.corpus.documents_uri(layout, unit), rows=documents, bytes=0),
            outputs,
            Counts(input=documents, kept=documents),
        )
