"""The one courier of a process, and the event loop that asks it: all shards of a worker ask by it."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from contextlib import AsyncExitStack, ExitStack
from typing import Self, TypeVar

from datagen.gates.registry import summary_gates
from datagen.gates.run import GateSetting
from datagen.products.summary import Summary
from datagen.run.ask import Line
from datagen.run.courier.client import Courier
from datagen.run.judge import judging_teacher
from schemas.summaries.recipe import SummariesRecipe

WINDOW = 4096
"""Samples that are asked for and not yet judged: bounds the memory, some 10 kB each."""

ResultT = TypeVar("ResultT")


class Asking:
    """Runs coroutines of several threads on one loop. The first error ends them all, and all get it."""

    def __init__(self, recipe: SummariesRecipe, make_courier: Callable[[ExitStack], Courier]) -> None:
        """``make_courier`` is called on the loop; what it enters into the stack is left at the end."""
        self._recipe, self._make_courier = recipe, make_courier
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._resources, self._connections = ExitStack(), AsyncExitStack()
        self._ending = threading.Lock()
        self._error: BaseException | None = None

    def start(self) -> Self:
        """Start the courier and load the gates. Raises what they raise."""
        self._thread.start()
        self.run(self._start())
        return self

    async def _start(self) -> None:
        self.courier = await self._connections.enter_async_context(self._make_courier(self._resources))
        ask = judging_teacher(self.courier.ask, self._loop)
        self.gates: list[GateSetting[Summary]] = summary_gates(self._recipe, ask)
        self.line, self.judging = Line(WINDOW), asyncio.Lock()

    def run(self, call: Coroutine[object, object, ResultT]) -> ResultT:
        """What the coroutine gives, in the calling thread. Raises what it, or the first of all that failed, raises."""
        future = asyncio.run_coroutine_threadsafe(call, self._loop)
        try:
            return future.result()
        except CancelledError:
            if self._error is None:
                raise
            raise self._error from None
        except BaseException as error:
            self.stop(error)
            raise

    def stop(self, error: BaseException | None = None) -> None:
        """End what is under way, and close everything; once only."""
        with self._ending:
            if self._loop.is_closed():
                return
            self._error = error
            asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
            self._resources.close()
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    async def _stop(self) -> None:
        """Cancel all but this, then close connections."""
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._connections.aclose()


_asking: dict[str, tuple[Asking, set[int]]] = {}
"""By what they ask for; with those who use each."""
_lock = threading.Lock()


def join(key: str, user: int, make: Callable[[], Asking]) -> Asking:
    """That of this process, started if there is none. Whoever has joined, once or several times, has to leave."""
    with _lock:
        if key not in _asking:
            _asking[key] = make().start(), set()
        found, users = _asking[key]
        users.add(user)
        return found


def leave(key: str, user: int, error: BaseException | None = None) -> None:
    """The last one who leaves, or the first with an error, ends it."""
    with _lock:
        found, users = _asking.get(key, (None, set()))
        users.discard(user)
        if found is not None and (not users or error is not None):
            del _asking[key]
            found.stop(error)
