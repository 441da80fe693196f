"""Shows how many summaries are graded: a bar on a terminal, a line now and then elsewhere."""

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress

from pipelines.engine.watch.progress_view import LINE_SECONDS


class GradedSoFar:
    """Used as ``with``; told of each summary."""

    def __init__(self, total: int, console: Console) -> None:
        self._total, self._console, self._done = total, console, 0
        self._bar = Progress(console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task("graded", total=total)
        self._next_line = time.monotonic() + LINE_SECONDS

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._bar.stop()

    def one_more(self) -> None:
        """One more is done."""
        self._done += 1
        self._bar.update(self._task, completed=self._done)
        if not self._console.is_terminal and time.monotonic() > self._next_line:
            self._console.print(f"graded {self._done:,} of {self._total:,}")
            self._next_line = time.monotonic() + LINE_SECONDS
