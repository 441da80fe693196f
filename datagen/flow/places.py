"""Places for requests: given in order, as many as the limit and as fast as the pace allow."""

import asyncio
import heapq
from itertools import count

from datagen.flow.limit import AdaptiveLimit, Fate
from datagen.flow.pace import Pace


class Places:
    """A semaphore whose size and speed follow the teacher."""

    def __init__(self, limit: AdaptiveLimit, pace: Pace) -> None:
        self.limit, self._pace = limit, pace
        self._waiting: list[tuple[int, asyncio.Future[float]]] = []
        self._numbers = count()
        self._timer: asyncio.TimerHandle | None = None

    def number(self) -> int:
        """The next number in the queue. A request keeps it for all its tries.

        At the end of the queue behind thousands, one that was refused would be refused the next time when all others
        are done, and the end of a run would be the tries of many.
        """
        return next(self._numbers)

    async def acquire(self, number: int) -> float:
        """Wait for a place, lowest number first; returns when it was given, which `release` wants back."""
        place = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (number, place))
        self._hand_out()
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():  # it was given and will not be used
                self.release(place.result(), Fate.BROKEN)
            raise

    def release(self, given_at: float, fate: Fate) -> None:
        """Give the place back, and learn from what became of the request."""
        self.limit.give_back(given_at, fate, wanted=bool(self._waiting))
        if fate is Fate.REFUSED:
            self._pace.refused()
        self._hand_out()

    def _hand_out(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        while self._waiting and not self.limit.is_full:
            if (seconds := self._pace.wait()) > 0:
                self._timer = asyncio.get_running_loop().call_later(seconds, self._hand_out)
                return
            _, place = heapq.heappop(self._waiting)
            if not place.cancelled():
                self._pace.sent()
                place.set_result(self.limit.take())
