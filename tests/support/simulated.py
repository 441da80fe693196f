"""A teacher that misbehaves, in simulated time: hours of waiting pass in a moment, and the same on every machine.

`run_simulated` runs a coroutine on an event loop whose clock jumps to the next timer as soon as nothing else is to be
done. Work in threads (the journal's) takes no time on that clock.
"""

import asyncio
import random
import selectors
from collections import Counter
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self, TypeVar

from pydantic import JsonValue

from datagen.flow.patience import Patience
from datagen.teachers.teacher import SendError, request_digest
from schemas.generation.request import GenRequest
from schemas.generation.response import GenResponse

ResultT = TypeVar("ResultT")
THREADS_SECONDS = 0.01


class _Selector(selectors.DefaultSelector):
    """Waits for files while threads work; else it moves the clock on instead of waiting."""

    def __init__(self, loop: "SimulatedLoop") -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self._loop.in_threads:
            return super().select(THREADS_SECONDS if timeout is None else min(timeout, THREADS_SECONDS))
        if timeout is None:
            raise RuntimeError("nothing will ever happen: all tasks wait for each other")
        self._loop.now += max(0.0, timeout)
        return super().select(0)


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop with a clock of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self.in_threads = 0
        super().__init__(_Selector(self))

    def time(self) -> float:
        return self.now

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        self.in_threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_ended)
        return future

    def _thread_ended(self, _: asyncio.Future[Any]) -> None:
        self.in_threads -= 1


def run_simulated(begin: Callable[[SimulatedLoop], Coroutine[Any, Any, ResultT]]) -> ResultT:
    """The result of a coroutine, which gets the loop for its clock."""
    loop = SimulatedLoop()
    try:
        return loop.run_until_complete(begin(loop))
    finally:
        loop.in_threads += 1  # it waits for them to end
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()


@dataclass
class MisbehavingTeacher:
    """Serves ``at_once`` requests, or ``rate`` a second; of those it could serve, shares are treated badly."""

    loop: SimulatedLoop
    at_once: int = 1_000_000
    rate: float = 0.0
    refuse: float = 0.30
    fail: float = 0.05
    hang: float = 0.01
    malform: float = 0.01
    seconds: float = 1.0
    """An answer takes half as long to half as long again."""
    timeout: float = 10.0
    """When the client gives up what hangs, at the latest."""
    retry_after: float | None = None
    seed: int = 0
    name: str = "simulated"
    is_local: bool = True
    did: Counter[str] = field(default_factory=Counter)
    busy: int = 0
    place_seconds: float = 0.0
    """For how long its places were taken, all together."""
    _next_at: float = 0.0

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)
        self._patience = Patience(self.timeout)

    def sent(self, request: GenRequest) -> JsonValue:
        return request.request_id

    async def send(self, request: GenRequest) -> GenResponse:
        await asyncio.sleep(0.001)  # the network
        if self.busy >= self.at_once or not self._has_rate():
            raise self._error("overload", "rate_limited")
        fault = self._random.random()
        if fault < self.refuse:
            raise self._error("429", "rate_limited")
        self.busy += 1
        began = self.loop.now
        try:
            return await self._work(fault - self.refuse, request)
        finally:
            self.busy -= 1
            self.place_seconds += self.loop.now - began

    def _has_rate(self) -> bool:
        """A leaky bucket without a reserve."""
        if not self.rate:
            return True
        if self.loop.now < self._next_at:
            return False
        self._next_at = max(self.loop.now - 1 / self.rate, self._next_at) + 1 / self.rate
        return True

    async def _work(self, fault: float, request: GenRequest) -> GenResponse:
        if fault < self.fail:
            raise self._error("500", "server_error")
        digest = request_digest(self, request)
        if fault < self.fail + self.hang:
            await asyncio.sleep(self._patience.seconds(digest))
            self._patience.gave_up(digest)
            raise self._error("hang", "timeout")
        seconds = self.seconds * self._random.uniform(0.5, 1.5)
        await asyncio.sleep(seconds)
        if fault < self.fail + self.hang + self.malform:
            raise self._error("malformed", "malformed_response")
        self.did["answered"] += 1
        self._patience.answered(seconds)
        return GenResponse(
            request_id=request.request_id, digest=digest, teacher=self.name, text=f"Answer {digest}.",
            latency_seconds=seconds,
        )  # fmt: skip

    def _error(self, what: str, reason: Any) -> SendError:
        self.did[what] += 1
        return SendError(reason, what, self.retry_after if reason == "rate_limited" else None)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing is open."""
