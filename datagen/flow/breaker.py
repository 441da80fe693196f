"""A circuit breaker: a teacher that does not answer is asked seldom, and in the end the run stops."""

import asyncio
import time
from collections.abc import Callable

from datagen.errors import TeacherError

BROKEN_IN_A_ROW = 10
"""So many failures without an answer in between, and the teacher counts as out of order."""
PROBE_SECONDS = 2.0
"""How often one request is let through then, to see whether it has come back."""


class Breaker:
    """Closed: everything passes. Open: one request every two seconds, until one is answered."""

    def __init__(
        self, teacher: str, patience_seconds: float, probe_seconds: float = PROBE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """``teacher`` names it in the error."""
        self._teacher, self._patience, self._probe, self._clock = teacher, patience_seconds, probe_seconds, clock
        self._in_a_row = 0
        self._silent_since: float | None = None
        self._next_probe = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the teacher counts as out of order."""
        return self._in_a_row >= BROKEN_IN_A_ROW

    async def passage(self) -> None:
        """Wait until a request may be sent."""
        while self.is_open:
            now = self._clock()
            if now >= self._next_probe:
                self._next_probe = now + self._probe
                return
            await asyncio.sleep(self._next_probe - now)

    def silence(self) -> float:
        """Seconds in which requests broke or were refused, and none was answered."""
        return 0.0 if self._silent_since is None else self._clock() - self._silent_since

    def answered(self) -> None:
        """A request was answered."""
        self._in_a_row = 0
        self._silent_since = None

    def broke(self, message: str) -> None:
        """A request broke or timed out. Raises TeacherError when nothing was answered for too long."""
        self._in_a_row += 1
        self.refused(message)

    def refused(self, message: str) -> None:
        """The teacher is there but has too much to do. Raises TeacherError when nothing was answered for too long."""
        self._silent_since = self._clock() if self._silent_since is None else self._silent_since
        if self.silence() >= self._patience:
            raise TeacherError(
                f"{self._teacher} has answered nothing for {self.silence():.0f} s, at last: {message}. "
                "See to it, then run the same command again: what was answered is kept and not asked again"
            )
