"""Asks all that a shard has to ask, and hands out the results in order."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

AskedT = TypeVar("AskedT")
ResultT = TypeVar("ResultT")


async def in_order(
    asked: Iterable[AskedT], ask: Callable[[AskedT], Awaitable[ResultT]], window: int
) -> AsyncIterator[ResultT]:
    """``ask`` of each, in the order in which they came; at most ``window`` are begun and not yet handed out.

    The window is wide, so that one that takes long holds no other back. An error, wherever it stands, ends all.
    """
    begun: deque[asyncio.Future[ResultT]] = deque()
    broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def notice(ended: asyncio.Future[ResultT]) -> None:
        if not ended.cancelled() and (error := ended.exception()) is not None and not broken.done():
            broken.set_exception(error)

    waiting = iter(asked)
    try:
        while True:
            while len(begun) < window and (item := next(waiting, None)) is not None:
                begun.append(asyncio.ensure_future(ask(item)))
                begun[-1].add_done_callback(notice)
                await asyncio.sleep(0)  # lets it send before the next prompt is made
            if not begun:
                return
            await asyncio.wait({begun[0], broken}, return_when=asyncio.FIRST_COMPLETED)
            if broken.done():
                broken.result()
            yield begun.popleft().result()
    finally:
        for future in begun:
            future.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        broken.cancel()
