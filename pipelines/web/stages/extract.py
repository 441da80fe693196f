"""Stage `extract`: from an input file to documents, by page rules and the extraction engine.

Its shard holds every record that is a document: those that a page rule dropped with their verdict and without text.
What could not be processed goes to `dead-letters/`.
"""

from collections import Counter, deque
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

from filters.apply import PreparedStep
from filters.registry import prepare
from pipelines.engine.outputs.layout import DEAD_LETTERS, Layout
from pipelines.engine.outputs.parquet import ShardWriter
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Result, Source, Upstream
from pipelines.engine.upstream import input_source, only_output
from pipelines.engine.watch.progress import ProgressLog
from pipelines.extract.page import Extracted, ExtractionFailure, Page
from pipelines.extract.sandbox import ExtractionSandbox
from pipelines.read.raw.source import Source as InputSource
from pipelines.read.raw.source import open_input
from pipelines.read.read import read_source
from pipelines.read.record import Record, Skipped
from pipelines.web.stages.documents import Judged, document_row, extracted_schema, failure_letter, rows_to_batch
from pipelines.web.stages.names import EXTRACTED
from pipelines.web.stages.page_rules import judge_pages
from schemas.document import DeadLetter, dead_letter_schema
from schemas.manifest import Counts, InputFile
from schemas.recipe.model import Recipe

ROWS_PER_BATCH = 128


@dataclass
class ExtractStage:
    """Reads an input file, applies the page rules and extracts the text of what is left."""

    recipe: Recipe
    fingerprint: str
    name: str = "extract"
    takes_values: bool = False
    _steps: list[PreparedStep] = field(default_factory=list)
    _sandbox: ExtractionSandbox | None = None

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The input file, identified by its name in the run, its size and its version."""
        return input_source(unit)

    def open(self) -> None:
        """Load lists and start the process that extracts."""
        self._steps = [PreparedStep(step, prepare(step)) for step in self.recipe.pages]
        self._sandbox = ExtractionSandbox(self.recipe.extract)
        self._sandbox.__enter__()

    def close(self) -> None:
        """End the process that extracts."""
        if self._sandbox is not None:
            self._sandbox.__exit__(None, None, None)

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Stream the file through rules and engine; memory is bounded by blocks of pages and a row group."""
        target, dead_target = layout.data(EXTRACTED, unit.name), layout.data(DEAD_LETTERS, unit.name)
        schema, dead_schema = extracted_schema(self.recipe), dead_letter_schema()
        tally = _Tally()
        with (
            open_input(unit.input) as source,
            ShardWriter(layout.uri(target), target, schema, self.recipe.write) as documents,
            ShardWriter(layout.uri(dead_target), dead_target, dead_schema, self.recipe.write) as letters,
        ):
            rows: list[dict[str, object]] = []
            for item in self._documents(unit, source, tally):
                if isinstance(item, DeadLetter):
                    tally.dead_letters[item.error_class] += 1
                    letters.write(rows_to_batch([item.model_dump()], dead_schema))
                    continue
                rows.append(item)
                if len(rows) == ROWS_PER_BATCH:
                    documents.write(rows_to_batch(rows, schema))
                    rows = []
                progress.add(1, tally.advance(source.position), 1 if item["verdict"] is None else 0)
            documents.write(rows_to_batch(rows, schema))
            digest = source.hexdigest()
            progress.add(size=tally.advance(unit.input.size))
        file = unit.input
        return Result(
            input=InputFile(
                path=file.uri, rows=tally.read, bytes=file.size, modified_at=file.modified_at, digest=digest
            ),
            outputs=(only_output(documents), only_output(letters)),
            counts=Counts(
                input=tally.read,
                kept=only_output(documents).rows,
                dead_letters=dict(sorted(tally.dead_letters.items())),
                skipped=dict(sorted(tally.skipped.items())),
            ),
        )

    def _documents(
        self, shard: Shard, source: InputSource, tally: "_Tally"
    ) -> Iterator[dict[str, object] | DeadLetter]:
        """Rows and dead letters in the order of the records (to a block), whatever the pace of extraction.

        The pages that need extraction run ahead to the sandbox; the others wait in between for their turn.
        """
        if self._sandbox is None:
            raise ValueError("the stage is not open")
        waiting: deque[Judged | DeadLetter] = deque()

        def records() -> Iterator[Record]:
            for item in read_source(shard.input, source, self.recipe.read):
                tally.read += 1
                if isinstance(item, Record):
                    yield item
                elif isinstance(item, Skipped):
                    tally.skipped[item.rule] += 1
                else:
                    waiting.append(item)

        def pages() -> Iterator[Page]:
            for judged in judge_pages(records(), self._steps, self.recipe.measure == "all"):
                waiting.append(judged)
                if judged.needs_extraction:
                    fetched = judged.record.retrieved_at
                    yield Page(
                        judged.record.content_digest,
                        judged.record.html or "",
                        judged.record.uri,
                        fetched.date() if fetched else None,
                    )

        for found in self._sandbox.extract_many(pages()):
            judged = yield from self._until_extracted(waiting)
            if judged is None:
                raise ValueError("the sandbox returned more pages than it was given")
            yield self._finish(judged, found)
        yield from self._until_extracted(waiting)

    def _until_extracted(
        self, waiting: deque[Judged | DeadLetter]
    ) -> Generator[dict[str, object] | DeadLetter, None, Judged | None]:
        """Pass on what needs no extraction, up to the next record that does, which is returned."""
        while waiting:
            item = waiting.popleft()
            if isinstance(item, Judged):
                if item.needs_extraction:
                    return item
                yield document_row(item, None, self.recipe)
            else:
                yield item
        return None

    def _finish(self, judged: Judged, found: Extracted | ExtractionFailure) -> dict[str, object] | DeadLetter:
        if isinstance(found, ExtractionFailure):
            return failure_letter(judged.record, found)
        return document_row(judged, found, self.recipe)


@dataclass
class _Tally:
    """What has been read so far."""

    read: int = 0
    position: int = 0
    """How far the file has been read, in bytes."""
    dead_letters: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def advance(self, position: int) -> int:
        """Bytes of the file that are new; readers that look back past broken bytes count them once."""
        new = max(0, position - self.position)
        self.position += new
        return new
