"""Progress on standard error: a bar on a terminal, else a line now and then.

Nothing is drawn but when this process calls: a thread that draws would be counted as CPU time of what is measured.
"""

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

LINES = 20
"""Of a task that no terminal shows."""


class Watch:
    """One task at a time."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(stderr=True, highlight=False)
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            TimeRemainingColumn(), console=self._console, auto_refresh=False, transient=True,
        )  # fmt: skip
        self._task = self._bar.add_task("", total=None, visible=False)
        self._title, self._done, self._total, self._said = "", 0, 0, 0

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def begin(self, title: str, total: int) -> None:
        """A new task of so many steps."""
        self._title, self._done, self._total, self._said = title, 0, total, 0
        self._bar.reset(self._task, total=total, description=title, visible=True)
        self._bar.refresh()

    def advance(self, steps: int, of: str) -> None:
        """So many steps are done, the last ones ``of`` something."""
        self._done += steps
        if self._console.is_terminal:
            self._bar.update(self._task, completed=self._done, description=f"{self._title}: {of}")
            self._bar.refresh()
        elif self._done * LINES // max(self._total, 1) > self._said:
            self._said = self._done * LINES // max(self._total, 1)
            self._console.print(f"{self._title}: {self._done:,} of {self._total:,}")

    def at_work(self, doing: str) -> None:
        """What goes on in a task whose length is not known."""
        self._bar.reset(self._task, total=None, description=doing, visible=True)
        self._bar.refresh()
        if not self._console.is_terminal:
            self.say(doing)

    def say(self, line: str) -> None:
        """A line that stays."""
        self._console.print(line, markup=False)
        self._bar.refresh()
