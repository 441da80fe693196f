"""How long to wait for one answer."""

from collections import Counter

TIMES_SLOWEST = 2.0
"""An answer that takes so many times as long as the slowest so far hangs, as a rule.

Not less: while the number of requests at once doubles, so may the time of an answer.
"""
LEAST_SECONDS = 5.0
"""Never less, however fast the answers are: a stall of this machine or of the network is no hang, and an answer that is
given up may have to be paid twice."""
ENOUGH_ANSWERS = 50
"""From so many on, the slowest says something."""


class Patience:
    """Gives up a request that hangs long before the time limit; each further try has twice the time of the one before.

    At the end of a run everything waits for the last answers; a limit that lets the longest answer pass is minutes.
    """

    def __init__(self, longest_seconds: float) -> None:
        """``longest_seconds``: the time limit."""
        self._longest = longest_seconds
        self._slowest, self._answers = 0.0, 0
        self._given_up = Counter[str]()

    def seconds(self, digest: str) -> float:
        """How long to wait for the answer to the request with that digest."""
        if self._answers < ENOUGH_ANSWERS:
            return self._longest
        usual = max(LEAST_SECONDS, TIMES_SLOWEST * self._slowest)
        return min(self._longest, usual * 2.0 ** self._given_up[digest])

    def answered(self, seconds: float) -> None:
        """An answer took that long."""
        self._slowest = max(self._slowest, seconds)
        self._answers += 1

    def gave_up(self, digest: str) -> None:
        """It was waited for in vain."""
        self._given_up[digest] += 1
