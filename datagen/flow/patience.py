"""How long to wait for one answer."""

TIMES_SLOWEST = 3.0
"""An answer that takes so many times as long as the slowest so far hangs, as a rule."""
ENOUGH_ANSWERS = 50
"""From so many on, the slowest says something."""


class Patience:
    """Gives up a request that hangs long before the time limit, but once only: the next try has all the time there is.

    At the end of a run everything waits for the last answers; a limit that lets the longest answer pass is minutes.
    """

    def __init__(self, longest_seconds: float) -> None:
        """``longest_seconds``: the time limit."""
        self._longest = longest_seconds
        self._slowest, self._answers = 0.0, 0
        self._given_up: set[str] = set()

    def seconds(self, digest: str) -> float:
        """How long to wait for the answer to the request with that digest."""
        if self._answers < ENOUGH_ANSWERS or digest in self._given_up:
            return self._longest
        return min(self._longest, TIMES_SLOWEST * self._slowest)

    def answered(self, seconds: float) -> None:
        """An answer took that long."""
        self._slowest = max(self._slowest, seconds)
        self._answers += 1

    def gave_up(self, digest: str) -> None:
        """It was waited for in vain."""
        self._given_up.add(digest)
