"""Shows progress while a pipeline runs: live bars on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from pipelines.engine.watch.background import Background
from pipelines.engine.watch.progress import ProgressReader, StageProgress

POLL_SECONDS = 0.5
LINE_SECONDS = 15.0


class ProgressView(Background):
    """Follows a run from a thread; ``totals`` gives the shards that each stage has to do."""

    def __init__(self, reader: ProgressReader, totals: Mapping[str, int], console: Console) -> None:
        super().__init__()
        self._reader, self._totals, self._console = reader, totals, console
        self._started = time.monotonic()
        self._bars = Progress(
            TextColumn("{task.description:<10}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn("shards"),
            TextColumn("{task.fields[speed]}"),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )

    def _run(self) -> None:
        with self._bars:
            tasks = {stage: self._bars.add_task(stage, total=n, speed="") for stage, n in self._totals.items() if n}
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
            self._bars.update(task, completed=done.shards, speed=self._speed(done))

    def _speed(self, done: StageProgress) -> str:
        seconds = max(time.monotonic() - self._started, 1e-3)
        if not done.documents:
            return "waiting"
        kept = 100 * done.kept / done.documents
        return f"{done.documents / seconds:,.0f} docs/s  {done.bytes / 1e6 / seconds:.1f} MB/s  kept {kept:.0f} %"

    def _say(self, stages: Sequence[str]) -> None:
        """A line for each stage that has begun."""
        for stage in stages:
            done = self._reader.stages[stage]
            if done.documents:
                text = f"{stage:<8} {done.shards}/{self._totals[stage]} shards  {self._speed(done)}"
                self._console.print(text, highlight=False, soft_wrap=True)
