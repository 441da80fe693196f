"""Copies of a model; a free one takes who goes on from what it has read before who waits longest."""

import asyncio
from collections.abc import Sequence

from datagen.teachers.llama import Body, Llama, Read, read_of

WAITING = 16
"""Requests for each copy that should wait: so a copy finds one with its opening among those of several products."""


class Copies:
    """Answers as many requests at once as there are copies."""

    def __init__(self, copies: Sequence[Llama]) -> None:
        self._free = list(copies)
        """Last used first: those behind it are loaded only when it is busy."""
        self._waiting: list[tuple[Read, asyncio.Future[Llama]]] = []

    async def complete(self, body: Body) -> dict[str, object]:
        """The reply to a body."""
        copy = await self._take(read_of(body))
        try:
            return await asyncio.to_thread(copy.complete, body)
        finally:
            self._give_back(copy)

    async def _take(self, asked: Read) -> Llama:
        given = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, given))
        self._hand_out()
        try:
            return await given
        except asyncio.CancelledError:
            if given.done() and not given.cancelled():  # a copy was given and will not be used
                self._give_back(given.result())
            raise

    def _give_back(self, copy: Llama) -> None:
        self._free.insert(0, copy)
        self._hand_out()

    def _hand_out(self) -> None:
        self._waiting = [(asked, given) for asked, given in self._waiting if not given.done()]
        while self._free and self._waiting:
            copy, number = self._choose()
            self._free.remove(copy)
            self._waiting.pop(number)[1].set_result(copy)

    def _choose(self) -> tuple[Llama, int]:
        """A copy, and the number of who gets it: its last prompt again, else a question after its last opening."""
        for key in ("prompt", "opening"):
            for copy in self._free:
                for number, (asked, _) in enumerate(self._waiting):
                    if getattr(asked, key) == getattr(copy.kept, key):
                        return copy, number
        return self._free[0], 0
