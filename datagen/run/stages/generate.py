"""Stage `generate`: payloads in, samples out. Writes `rejected/`, `failures/`, and what the gates have kept."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from datagen.errors import JournalError, TeacherError
from datagen.payloads.anonymise import NotAnonymised
from datagen.run.ask import in_order
from datagen.run.asking import Asking, join, leave
from datagen.run.courier.client import Courier
from datagen.run.prompts import Prompts, to_request
from datagen.run.session import Bounds
from datagen.run.sort import Result, Sorted, sort_results
from datagen.run.stages.documents import read_documents
from datagen.run.stages.outputs import STAGE, ShardOutputs
from datagen.run.stages.prepare import PREPARED
from datagen.structured import ask_for
from datagen.task import Prompt
from datagen.teachers.vllm.machine import machine_server
from filters.errors import SettingError
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Source, Upstream
from pipelines.engine.stage import Result as StageResult
from pipelines.engine.upstream import source_of
from pipelines.engine.watch.progress import ProgressLog
from pipelines.read.files import InputError
from schemas.generation.teacher import VllmTeacher
from schemas.manifest import Counts, InputFile
from schemas.payload import Payload
from schemas.summaries.recipe import SummariesRecipe

BATCH = 256
"""Results that are judged and written together."""
UNITS_AT_ONCE = 16
"""Shards that are under way in a process: one asks, those before it wait for their last answers."""
EXPECTED = (TeacherError, JournalError, SettingError, InputError, NotAnonymised)

Wanted = tuple[Prompt[Payload], int]
"""A prompt, and which of its samples."""


@dataclass
class GenerateStage:
    """Asks a teacher about the payloads of a shard, and lets the gates judge."""

    recipe: SummariesRecipe
    fingerprint: str
    journal: str
    """The folder of the journal."""
    bounds: Bounds = field(default_factory=Bounds)
    limits: Mapping[str, int] | None = None
    """Most prompts to make of a shard, by its name; None: all."""
    server_url: str | None = None
    """Where the vLLM server of this run listens; None: on a remote runner each machine starts its own."""
    name: str = STAGE
    takes_values: bool = False
    units_at_once: int = UNITS_AT_ONCE
    _failed: Exception | None = None

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The payloads, and how many prompts about them are made."""
        source = source_of(upstream.record, PREPARED)
        return Source(source.path, source.bytes, f"{source.identity} {self._limit(unit)}")

    def _limit(self, unit: Shard) -> int | None:
        return None if self.limits is None else self.limits[unit.name]

    def open(self) -> None:
        """The courier begins with the first shard, where an error can be told to the user."""

    def close(self) -> None:
        """Leave the courier of this process."""
        leave(self.journal, id(self))

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> StageResult:
        """Ask, judge, write. Memory is bounded by the samples under way, and for each shard a batch of rows."""
        if self._failed is not None:
            raise self._failed
        try:
            asking = join(self.journal, id(self), lambda: Asking(self.recipe, self._make_courier))
            return asking.run(self._process(unit, layout, progress, asking))
        except Exception as error:
            if self._failed is None:
                self._failed = error
                if isinstance(error, EXPECTED):
                    progress.error(str(error))
                leave(self.journal, id(self), error)
            raise

    def _make_courier(self, stack: ExitStack) -> Courier:
        """On a remote runner, where nobody has started a server, each machine has its own."""
        teacher, url = self.recipe.teacher, self.server_url
        if isinstance(teacher, VllmTeacher) and url is None:
            url = stack.enter_context(machine_server(teacher))
        return Courier(self.recipe, self.journal, self.bounds, url)

    async def _process(self, unit: Shard, layout: Layout, progress: ProgressLog, asking: Asking) -> StageResult:
        uri = layout.uri(layout.data(PREPARED, unit.name))
        payloads = (Payload.model_validate_json(each["payload"]) for each in read_documents(uri, ["payload"]))
        is_remote = not asking.courier.teacher_is_local
        prompts = Prompts(self.recipe, payloads, self._limit(unit), teacher_is_remote=is_remote)
        with ShardOutputs(layout, unit.name, self.recipe.write) as outputs:
            async for found in self._judged(prompts, outputs, asking, progress):
                progress.add(kept=len(found.kept))
            outputs.add_payloads(prompts.screen.count(), prompts.twins)
        counts = Counts(
            input=prompts.asked * self.recipe.samples + prompts.skipped.total(),
            kept=outputs.kept,
            dropped=dict(sorted(outputs.dropped.items())),
            skipped=dict(sorted((+prompts.skipped).items())),
        )
        read = InputFile(path=uri, rows=prompts.read, bytes=0)
        return StageResult(read, outputs.files(), counts)

    async def _judged(
        self, prompts: Prompts, outputs: ShardOutputs, asking: Asking, progress: ProgressLog
    ) -> AsyncIterator[Sorted]:
        """Judge and write batch by batch, in a thread: the teacher is asked on meanwhile. One batch at a time."""

        async def ask(wanted: Wanted) -> Result:
            prompt, sample = wanted
            request = to_request(self.recipe, prompt, sample)
            outcome = await ask_for(prompt.answer, request, asking.courier.ask)
            progress.add(1)
            return Result(prompt, sample, outcome)

        def judge(batch: list[Result]) -> Sorted:
            found = sort_results(batch, prompts.task, asking.gates, asking.courier.teacher, self.recipe)
            outputs.add(found)
            return found

        async def judged(batch: list[Result]) -> Sorted:
            async with asking.judging:
                return await asyncio.to_thread(judge, batch)

        batch: list[Result] = []
        async for result in in_order(self._wanted(prompts), ask, asking.line):
            batch.append(result)
            if len(batch) == BATCH:
                yield await judged(batch)
                batch = []
        yield await judged(batch)

    def _wanted(self, prompts: Prompts) -> Iterator[Wanted]:
        return ((prompt, sample) for prompt in prompts for sample in range(self.recipe.samples))
