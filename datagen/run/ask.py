"""Asks all that a shard has to ask, and hands out the results in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import TypeVar

AskedT = TypeVar("AskedT")
ResultT = TypeVar("ResultT")


class Line:
    """Shards stand in it: the next begins to ask when all of the one before is asked, though not yet answered."""

    def __init__(self, window: int) -> None:
        """``window``: so many are begun and not yet handed out, of all shards. It bounds the memory."""
        self.turn = asyncio.Lock()
        self.window = asyncio.Semaphore(window)


async def in_order(
    asked: Iterable[AskedT], ask: Callable[[AskedT], Awaitable[ResultT]], line: Line
) -> AsyncIterator[ResultT]:
    """``ask`` of each, in the order in which they came.

    The window is wide, so that one that takes long holds no other back. An error, wherever it stands, ends all. What is
    asked is made in a thread: that takes time, and answers are taken in meanwhile.
    """
    begun: deque[asyncio.Future[ResultT]] = deque()
    changed = asyncio.Event()
    broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def notice(ended: asyncio.Future[ResultT] | asyncio.Future[None]) -> None:
        if not ended.cancelled() and (error := ended.exception()) is not None and not broken.done():
            broken.set_exception(error)
        changed.set()

    async def begin() -> None:
        async with line.turn:
            waiting = iter(asked)
            while True:
                await line.window.acquire()
                item = await asyncio.to_thread(_next, waiting)
                if item is None:
                    line.window.release()
                    return
                begun.append(asyncio.ensure_future(ask(item)))
                begun[-1].add_done_callback(notice)

    beginning = asyncio.ensure_future(begin())
    beginning.add_done_callback(notice)
    try:
        while begun or not beginning.done():
            changed.clear()
            if broken.done():
                broken.result()
            if begun and begun[0].done():
                line.window.release()
                yield begun.popleft().result()
            else:
                await changed.wait()
        if broken.done():
            broken.result()
    finally:
        beginning.cancel()
        for future in begun:
            future.cancel()
            line.window.release()
        await asyncio.gather(beginning, *begun, return_exceptions=True)
        broken.cancel()


def _next(items: Iterator[AskedT]) -> AskedT | None:
    return next(items, None)
