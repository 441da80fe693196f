"""How many requests may be under way at once: what the teacher serves, found by trying."""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

DECREASE = 0.75
"""What is left of the limit after a refusal."""
TIMEOUT_SHARE = 0.05
"""Fewer timeouts than this are single requests that hang; more are a teacher that is overloaded."""
WINDOW_SECONDS = 1.0
WINDOW_LATENCIES = 4
"""How far back it looks: so many seconds, or so many times as long as an answer takes, whichever is more."""


class Fate(Enum):
    """What became of a request, as far as the limit is concerned."""

    SERVED = "served"
    REFUSED = "refused"
    """Too many requests, or overloaded."""
    TIMED_OUT = "timed out"
    BROKEN = "broken"
    """Anything that says nothing about load."""


@dataclass(frozen=True)
class _End:
    at: float
    seconds: float
    fate: Fate


class AdaptiveLimit:
    """Additive increase, multiplicative decrease (AIMD), as TCP does it (Chiu and Jain 1989), with two changes.

    It never falls below what the teacher has just been serving (Little's law: the sum of the times of served requests
    in a window, over the window). So refusals that have nothing to do with load do not throttle it, and a rate limit
    is met from above. Refusals of requests that were sent before the last decrease count no more.
    """

    def __init__(self, start: int, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with ``start`` requests at once; never allow more than ``most``."""
        self._limit = float(min(start, most))
        self._most = most
        self._clock = clock
        self._in_flight = 0
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._ends: deque[_End] = deque()
        self._decreased_at: float | None = None
        self._began_at: float | None = None

    @property
    def limit(self) -> int:
        """Requests that may be under way now."""
        return max(1, int(self._limit))

    async def acquire(self) -> float:
        """Wait for a place, first come first served; returns when it was given, which `release` wants back."""
        if self._in_flight >= self.limit or self._waiting:
            place = asyncio.get_running_loop().create_future()
            self._waiting.append(place)
            try:
                await place
            except asyncio.CancelledError:
                if place.done() and not place.cancelled():
                    self._in_flight -= 1  # it was given and will not be used
                    self._hand_out()
                raise
        else:
            self._in_flight += 1
        now = self._clock()
        self._began_at = now if self._began_at is None else self._began_at
        return now

    def release(self, given_at: float, fate: Fate) -> None:
        """Give the place back, and learn from what became of the request."""
        now = self._clock()
        was_full = self._in_flight >= self.limit
        self._in_flight -= 1
        self._ends.append(_End(now, now - given_at, fate))
        self._forget(now)
        if fate is Fate.SERVED and was_full:
            self._increase()
        elif self._is_congestion(fate) and (self._decreased_at is None or given_at >= self._decreased_at):
            self._limit = max(1.0, self._limit * DECREASE, min(self._limit, self._served_at_once(now)))
            self._decreased_at = now
        self._hand_out()

    def _increase(self) -> None:
        """By one for each answer until the first refusal, then by one for each round of answers."""
        step = 1.0 if self._decreased_at is None else 1.0 / self._limit
        self._limit = min(float(self._most), self._limit + step)

    def _is_congestion(self, fate: Fate) -> bool:
        if fate is Fate.TIMED_OUT:
            timeouts = sum(end.fate is Fate.TIMED_OUT for end in self._ends)
            return timeouts > TIMEOUT_SHARE * len(self._ends)
        return fate is Fate.REFUSED

    def _served_at_once(self, now: float) -> float:
        """How many requests, on average over the window, were under way that were then served."""
        began = now if self._began_at is None else self._began_at
        seconds = min(self._window(), now - began)
        if seconds <= 0:
            return 0.0
        return sum(end.seconds for end in self._ends if end.fate is Fate.SERVED) / seconds

    def _window(self) -> float:
        served = [end.seconds for end in self._ends if end.fate is Fate.SERVED]
        mean = sum(served) / len(served) if served else 0.0
        return max(WINDOW_SECONDS, WINDOW_LATENCIES * mean)

    def _forget(self, now: float) -> None:
        window = self._window()
        while self._ends[0].at < now - window:
            self._ends.popleft()

    def _hand_out(self) -> None:
        while self._waiting and self._in_flight < self.limit:
            place = self._waiting.popleft()
            if not place.cancelled():
                self._in_flight += 1
                place.set_result(None)
