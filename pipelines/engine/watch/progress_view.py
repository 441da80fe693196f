"""Shows progress while a pipeline runs: live bars on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pipelines.engine.watch.background import Background
from pipelines.engine.watch.progress import ProgressReader, StageProgress

POLL_SECONDS = 0.5
LINE_SECONDS = 15.0
LEAST_MEGABYTES = 0.05
"""A second; less would be shown as none: a teacher reads mails more slowly, and tables of numbers have no text."""


@dataclass(frozen=True)
class Todo:
    """What a stage has to do."""

    shards: int
    bytes: int | None = None
    """Size of its input, where that is known before the run: its bar then moves within a shard too."""


class ProgressView(Background):
    """Follows a run from a thread; ``totals`` gives what each stage has to do."""

    def __init__(self, reader: ProgressReader, totals: Mapping[str, Todo], console: Console) -> None:
        super().__init__()
        self._reader, self._totals, self._console = reader, totals, console
        self._started = time.monotonic()
        self._over = set[str]()
        """Stages whose last line was written."""
        self._bars = Progress(
            TextColumn("{task.description:<18}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[state]}"),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def _run(self) -> None:
        with self._bars:
            tasks = {
                stage: self._bars.add_task(stage, total=todo.bytes or todo.shards, state="")
                for stage, todo in self._totals.items()
                if todo.shards
            }
            next_line = time.monotonic() + LINE_SECONDS
            while not self._stop.wait(POLL_SECONDS):
                self._reader.poll()
                self._show(tasks)
                if not self._console.is_terminal and time.monotonic() > next_line:
                    self._say(tuple(tasks))
                    next_line = time.monotonic() + LINE_SECONDS
            self._reader.poll()
            self._show(tasks)

    def _show(self, tasks: Mapping[str, TaskID]) -> None:
        for stage, task in tasks.items():
            done = self._reader.stages[stage]
            completed = done.bytes if self._totals[stage].bytes else done.shards
            self._bars.update(task, completed=completed, state=self._state(stage, done))

    def _state(self, stage: str, done: StageProgress) -> str:
        shards = f"{done.shards}/{self._totals[stage].shards} shards"
        if not done.documents:
            return f"{shards}  waiting"
        seconds = max(time.monotonic() - self._started, 1e-3)
        speed = f"{rate(done.documents / seconds)} docs/s"
        if (megabytes := done.bytes / 1e6 / seconds) >= LEAST_MEGABYTES:
            speed += f"  {megabytes:.1f} MB/s"
        return f"{shards}  {speed}  kept {100 * done.kept / done.documents:.0f} %"

    def _say(self, stages: Sequence[str]) -> None:
        """A line for each stage that has begun; one that is over has its last line once."""
        for stage in stages:
            done = self._reader.stages[stage]
            if done.documents and stage not in self._over:
                if done.shards >= self._totals[stage].shards:
                    self._over.add(stage)
                self._console.print(f"{stage:<18} {self._state(stage, done)}", highlight=False, soft_wrap=True)


def rate(of_a_second: float) -> str:
    """A teacher may answer less than once a second: 0.14, 7.2, 1,234."""
    return f"{of_a_second:,.0f}" if of_a_second >= 10 else f"{of_a_second:.2g}"
