"""Stage `generate`: payloads in, rows out. Writes `kept/`, `rejected/`, `failures/` and `dead-letters/`."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from datagen.errors import JournalError, TeacherError
from datagen.gates.registry import summary_gates
from datagen.gates.run import GateSetting
from datagen.payloads.anonymise import NotAnonymised
from datagen.products.summary import Summary
from datagen.run.ask import in_order
from datagen.run.judge import judging_teacher
from datagen.run.outputs import STAGE, ShardOutputs
from datagen.run.prompts import Prompts, to_request
from datagen.run.session import Bounds, Session
from datagen.run.sort import Result, Sorted, sort_results
from datagen.structured import ask_for
from datagen.task import Prompt
from filters.errors import SettingError
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Source, Upstream
from pipelines.engine.stage import Result as StageResult
from pipelines.engine.upstream import input_source
from pipelines.engine.watch.progress import ProgressLog
from pipelines.read.files import InputError
from schemas.manifest import Counts, InputFile
from schemas.payload import Payload
from schemas.summaries.recipe import SummariesRecipe

WINDOW = 4096
"""Samples that are asked for and not yet judged: bounds the memory, some 10 kB each."""
BATCH = 256
"""Results that are judged and written together."""

Wanted = tuple[Prompt[Payload], int]
"""A prompt, and which of its samples."""


@dataclass
class GenerateStage:
    """Asks a teacher about the payloads of a shard, and lets the gates judge."""

    recipe: SummariesRecipe
    fingerprint: str
    journal: str
    """The folder of the journal, on this machine."""
    bounds: Bounds = field(default_factory=Bounds)
    limits: Mapping[str, int] | None = None
    """Most prompts to make of a shard, by its name; None: all."""
    server_url: str | None = None
    """Where the vLLM server of this run listens."""
    name: str = STAGE
    takes_values: bool = False
    _session: Session | None = None

    def source(self, unit: Shard, upstream: Upstream) -> Source:
        """The input file, and how much of it is taken."""
        source = input_source(unit)
        return Source(source.path, source.bytes, f"{source.identity} {self._limit(unit)}")

    def _limit(self, unit: Shard) -> int | None:
        return None if self.limits is None else self.limits[unit.name]

    def open(self) -> None:
        """The session begins with the first shard, where an error can be told to the user."""

    def close(self) -> None:
        """Give the journal back."""
        if self._session is not None:
            self._session.__exit__(None, None, None)
            self._session = None

    def process(self, unit: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> StageResult:
        """Ask, judge, write. Memory is bounded by the samples under way and a batch of rows."""
        try:
            if self._session is None:
                self._session = Session(self.recipe, Path(self.journal), self.bounds, self.server_url).__enter__()
            return asyncio.run(self._process(unit, layout, progress, self._session))
        except (TeacherError, JournalError, SettingError, InputError, NotAnonymised) as error:
            progress.error(str(error))
            self.close()
            raise

    async def _process(self, unit: Shard, layout: Layout, progress: ProgressLog, session: Session) -> StageResult:
        is_remote = not session.teacher.is_local
        prompts = Prompts(self.recipe, unit.input.uri, self._limit(unit), teacher_is_remote=is_remote)
        loop = asyncio.get_running_loop()
        gates = summary_gates(self.recipe, judging_teacher(session.dispatcher, loop))
        with ShardOutputs(layout, unit.name, self.recipe.write) as outputs:
            async with session.teacher:
                async for found in self._judged(prompts, session, gates, progress):
                    outputs.add(found)
                    progress.add(kept=len(found.kept))
            outputs.add_unreadable(prompts.unreadable)
            outputs.add_payloads(prompts.screen.count(), prompts.twins)
        progress.add(size=unit.size)
        counts = Counts(
            input=prompts.asked * self.recipe.samples + prompts.skipped.total() + len(prompts.unreadable),
            kept=outputs.kept,
            dropped=dict(sorted(outputs.dropped.items())),
            dead_letters=dict(sorted(outputs.dead_letters.items())),
            skipped=dict(sorted((+prompts.skipped).items())),
        )
        read = InputFile(path=unit.input.uri, rows=prompts.read, bytes=unit.input.size)
        return StageResult(read, outputs.files(), counts)

    async def _judged(
        self, prompts: Prompts, session: Session, gates: list[GateSetting[Summary]], progress: ProgressLog
    ) -> AsyncIterator[Sorted]:
        """Judge batch by batch, in a thread: the teacher is asked on meanwhile."""

        async def ask(wanted: Wanted) -> Result:
            prompt, sample = wanted
            outcome = await ask_for(prompt.answer, to_request(self.recipe, prompt, sample), session.dispatcher.ask)
            progress.add(1)
            return Result(prompt, sample, outcome)

        def judge(batch: list[Result]) -> Sorted:
            return sort_results(batch, prompts.task, gates, session.teacher.name, self.recipe)

        batch: list[Result] = []
        async for result in in_order(self._wanted(prompts), ask, WINDOW):
            batch.append(result)
            if len(batch) == BATCH:
                yield await asyncio.to_thread(judge, batch)
                batch = []
        yield await asyncio.to_thread(judge, batch)

    def _wanted(self, prompts: Prompts) -> Iterator[Wanted]:
        return ((prompt, sample) for prompt in prompts for sample in range(self.recipe.samples))
