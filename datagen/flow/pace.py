"""How fast requests follow each other while the teacher refuses some."""

import math
import time
from collections.abc import Callable

SENT_FOR_EACH_TAKEN = 3.0
"""So many are sent for each that is not refused; two do not find the places of a busy teacher soon enough."""
MEMORY_SECONDS = 1.0
"""How far back it looks for requests that were taken."""
REFUSED_SECONDS = 10.0
"""How far back it looks for refusals: a program that had no processor for a second has not been refused anything
meanwhile, and would send all that waits at once."""
SHORTEST_SECONDS = 1e-4
"""Less is not worth a timer."""
SOME = 0.5
"""Fewer refusals in that time than this are none."""


class Pace:
    """Spaces requests evenly, and lets three go for each that the teacher takes (Beyer et al. 2016, "Site Reliability
    Engineering", chapter 21, client-side throttling). Nothing is held back while nothing is refused.

    A refusal comes at once and frees its place for the next request. Without a pace, as many as there are would be
    refused again and again, thousands in a second.
    """

    def __init__(self, longest_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """``longest_seconds`` between two requests, however many are refused."""
        self._longest, self._clock = longest_seconds, clock
        self._taken = self._refused = 0.0
        self._updated_at = self._sent_at = clock()

    def wait(self) -> float:
        """Seconds until the next request may be sent."""
        self._fade()
        seconds = self._sent_at + self._gap() - self._updated_at
        return seconds if seconds >= SHORTEST_SECONDS else 0.0

    def sent(self) -> None:
        """A request is sent. It counts as taken until it is refused."""
        self._fade()
        self._taken += 1
        self._sent_at = self._updated_at

    def refused(self) -> None:
        """A request was refused."""
        self._fade()
        self._taken = max(0.0, self._taken - 1)
        self._refused += 1

    def _gap(self) -> float:
        """Seconds between two requests."""
        if self._refused < SOME:
            return 0.0
        return min(self._longest, MEMORY_SECONDS / (SENT_FOR_EACH_TAKEN * max(self._taken, 1e-9)))

    def _fade(self) -> None:
        now = self._clock()
        self._taken *= math.exp((self._updated_at - now) / MEMORY_SECONDS)
        self._refused *= math.exp((self._updated_at - now) / REFUSED_SECONDS)
        self._updated_at = now
