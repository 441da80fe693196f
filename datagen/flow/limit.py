"""How many requests may be under way at once: what the teacher serves, found by trying."""

import math
import time
from collections.abc import Callable
from enum import Enum

DECREASE = 0.75
"""What is left of the limit after a refusal, at least."""
HARMLESS = 0.8
"""Refusals that leave so much of the limit in service have little to do with load."""
INCREASE = 0.125
"""What a round of answers adds to the limit after the first decrease: this share, or one."""
TIMEOUT_SHARE = 0.15
"""Fewer timeouts than this are single requests that hang; more are a teacher that is overloaded."""
TIMEOUT_MEMORY = 0.02
"""Weight of the newest request in the share of timeouts."""
LATENCY_MEMORY = 0.1
"""Weight of the newest answer in the mean time of an answer."""
MEMORY_SECONDS = 1.0
"""How far back the averages look, and the time of a round while no answer has come."""


class Fate(Enum):
    """What became of a request, as far as the limit is concerned."""

    SERVED = "served"
    REFUSED = "refused"
    """Too many requests, or overloaded."""
    TIMED_OUT = "timed out"
    BROKEN = "broken"
    """Anything that says nothing about load."""


class AdaptiveLimit:
    """Additive increase, multiplicative decrease (AIMD), as TCP does it (Chiu and Jain 1989), with two changes.

    It never falls below what is in service: the requests under way, less the share of their time that ends in refusals
    (Little's law). So refusals that have nothing to do with load do not throttle it, and a bound of the teacher on
    requests at once, or in a minute, is met from above. And once it has fallen it grows by an eighth a round, not by
    one, since to go too far costs refusals only. It falls once in the time of an answer at most.
    """

    def __init__(self, start: int, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with ``start`` requests at once; never allow more than ``most``."""
        self._limit = float(min(start, most))
        self._most = most
        self._clock = clock
        self._in_flight = 0
        self._updated_at = clock()
        self._busy = 0.0
        self._refused = 0.0
        self._latency: float | None = None
        self._timeouts = 0.0
        self._decreased_at: float | None = None

    @property
    def limit(self) -> int:
        """Requests that may be under way now."""
        return max(1, int(self._limit))

    @property
    def is_full(self) -> bool:
        """Whether so many are."""
        return self._in_flight >= self.limit

    def take(self) -> float:
        """A request takes a place; returns when, which `give_back` wants back."""
        self._change(+1)
        return self._updated_at

    def give_back(self, taken_at: float, fate: Fate, *, wanted: bool = False) -> None:
        """A place is free again; learns from what became of the request.

        ``wanted``: other requests wait, though perhaps for their pace only. In the beginning, most of the places in use
        are then enough to grow: a teacher that refuses some by chance is sent the next ones more slowly.
        """
        was_full = self.is_full
        was_wanted = wanted and self._decreased_at is None and self._in_flight >= HARMLESS * self.limit
        self._change(-1)
        now = self._updated_at
        self._learn(now - taken_at, fate)
        if fate is Fate.SERVED and (was_full or was_wanted):
            self._increase()
        elif was_full and (self._decreased_at is None or min(taken_at, now - self._round()) >= self._decreased_at):
            self._decrease(fate, now)

    def _change(self, places: int) -> None:
        """Take or give back places; the average of those that are taken goes on until now."""
        now = self._clock()
        fading = math.exp((self._updated_at - now) / self._memory())
        self._busy = self._busy * fading + self._in_flight * (1 - fading)
        self._refused *= fading
        self._in_flight += places
        self._updated_at = now

    def _learn(self, seconds: float, fate: Fate) -> None:
        self._timeouts += TIMEOUT_MEMORY * ((fate is Fate.TIMED_OUT) - self._timeouts)
        if fate is Fate.REFUSED:
            self._refused += seconds / self._memory()
        elif fate is Fate.SERVED:
            self._latency = seconds if self._latency is None else self._latency
            self._latency += LATENCY_MEMORY * (seconds - self._latency)

    def _memory(self) -> float:
        return max(MEMORY_SECONDS, self._latency or 0.0)

    def _round(self) -> float:
        """Seconds in which a change of the limit shows."""
        return MEMORY_SECONDS if self._latency is None else self._latency

    def _increase(self) -> None:
        """By one for each answer until the first decrease, then by an eighth for each round of answers."""
        step = 1.0 if self._decreased_at is None else max(INCREASE, 1.0 / self._limit)
        self._limit = min(float(self._most), self._limit + step)

    def _decrease(self, fate: Fate, now: float) -> None:
        in_service = (self._in_flight + 1) * (1 - min(1.0, self._refused / max(self._busy, 1e-9)))
        if fate is Fate.REFUSED and in_service < HARMLESS * self.limit:
            self._limit = max(1.0, self._limit * DECREASE, min(self._limit, in_service))
        elif fate is Fate.TIMED_OUT and self._timeouts > TIMEOUT_SHARE:
            self._limit = max(1.0, self._limit * DECREASE)
        else:
            return
        self._decreased_at = now
