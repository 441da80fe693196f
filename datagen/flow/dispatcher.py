"""Asks a teacher: each request gets its outcome, whatever becomes of the others."""

import asyncio
import random
import time
from collections.abc import Callable

from datagen.errors import BudgetReachedError
from datagen.flow.backoff import wait_seconds
from datagen.flow.breaker import Breaker
from datagen.flow.budget import Budget, Tokens, most_tokens
from datagen.flow.limit import AdaptiveLimit, Fate
from datagen.flow.pace import Pace
from datagen.flow.places import Places
from datagen.journal.journal import Journal
from datagen.teachers.teacher import SendError, Teacher, request_digest
from schemas.generation.flow import Flow
from schemas.generation.request import GenRequest
from schemas.generation.response import RETRYABLE, GenFailure, GenResponse, Outcome

REFUSALS_PER_TRY = 8
"""A refusal for the moment says nothing about a request: so many count as one try."""


class Dispatcher:
    """Joins the teacher, the flow control, the journal and the budget. One lives as long as its run."""

    def __init__(  # noqa: PLR0917
        self, teacher: Teacher, flow: Flow, journal: Journal, budget: Budget,
        uniform: Callable[[float, float], float] = random.uniform, clock: Callable[[], float] = time.monotonic,
    ) -> None:  # fmt: skip
        """``journal`` is open; ``uniform`` gives the jitter; ``clock`` is that of the event loop, in seconds."""
        self._teacher, self._flow, self._journal, self._budget = teacher, flow, journal, budget
        self._uniform = uniform
        self._breaker = Breaker(teacher.name, flow.patience_seconds, clock=clock)
        limit = AdaptiveLimit(flow.start_concurrency, flow.max_concurrency, clock)
        self.places = Places(limit, Pace(flow.backoff_seconds, clock))
        self._under_way: dict[str, asyncio.Future[Outcome]] = {}
        self._sent: set[str] = set()
        """Digests of what the teacher has, and of answers on their way to the disk."""
        self._finishing = False

    async def ask(self, request: GenRequest) -> Outcome:
        """The outcome of a request: from the journal if it is there, else from the teacher, and then it is there.

        The same request asked twice at the same time is sent once.

        Raises:
            TeacherError: the teacher cannot be used at all.
            JournalError: the outcome cannot be kept.
        """
        digest = request_digest(self._teacher, request)
        found = self._journal.find(digest)
        if found is None and digest in self._under_way:
            found = await asyncio.shield(self._under_way[digest])
        if found is not None:
            return found.model_copy(update={"request_id": request.request_id, "cached": True})
        self._under_way[digest] = asyncio.ensure_future(self._send(request, digest))
        try:
            return await self._under_way[digest]
        finally:
            del self._under_way[digest]

    async def finish(self, tell_left: Callable[[int], None]) -> None:
        """Send nothing any more, and wait until what was sent is answered and on disk, as long as a try may take.

        ``tell_left`` is called with the number that is left whenever it changes. What was not sent is cancelled.
        """
        self._finishing = True
        for digest, asked in self._under_way.items():
            if digest not in self._sent:
                asked.cancel()
        while left := [asked for digest, asked in self._under_way.items() if digest in self._sent]:
            tell_left(len(left))
            await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        tell_left(0)

    async def _send(self, request: GenRequest, digest: str) -> Outcome:
        """Send it until there is an outcome.

        One that breaks waits up to twice as long each time. To refusals the limit answers already, so a refused one
        waits longer only while all are refused: up to as long again as they have been.
        """
        most, number = most_tokens(request), self.places.number()
        errors = refusals = 0
        while True:
            try:
                await self._budget.reserve(most)
            except BudgetReachedError as error:
                return self._failure(request, digest, SendError("budget", str(error)), errors + refusals)
            used = Tokens()
            try:
                outcome, on_disk = await self._try(request, digest, number, errors + refusals + 1)
                used = Tokens(outcome.prompt_tokens, outcome.completion_tokens)
                await on_disk
                return outcome
            except SendError as error:
                failed = error
            finally:
                self._sent.discard(digest)
                self._budget.settle(most, used)
            refusals, errors = (refusals + 1, errors) if failed.fate is Fate.REFUSED else (refusals, errors + 1)
            if self._finishing or errors + refusals // REFUSALS_PER_TRY >= self._flow.tries:
                return self._failure(request, digest, failed, errors + refusals)
            doubled = self._flow.backoff_seconds * 2.0 ** max(0, errors - 1)
            longest = self._breaker.silence() if failed.fate is Fate.REFUSED else doubled
            await asyncio.sleep(wait_seconds(self._flow, longest, failed.retry_after, self._uniform))

    async def _try(
        self, request: GenRequest, digest: str, number: int, tries: int
    ) -> tuple[Outcome, asyncio.Future[None]]:
        """Send it once; what comes back too is done when the outcome is on disk.

        A slow disk does not keep a teacher waiting, until as many outcomes wait for it as requests may be under way.
        Raises SendError for what is worth another try.
        """
        given_at = await self.places.acquire(number)
        fate = Fate.BROKEN
        try:
            await self._breaker.passage()
            self._sent.add(digest)
            outcome = await self._outcome(request, digest, tries)
            fate = Fate.SERVED
            on_disk = self._journal.add(
                outcome
            )  # before anything else: what is not handed on yet dies with the process
            self._breaker.answered()
            if self._journal.unsynced > self._flow.max_concurrency:
                await on_disk
            return outcome, on_disk
        except SendError as error:
            fate = error.fate
            (self._breaker.refused if fate is Fate.REFUSED else self._breaker.broke)(error.message)
            raise
        finally:
            self.places.release(given_at, fate)

    async def _outcome(self, request: GenRequest, digest: str, tries: int) -> Outcome:
        """An answer, or a refusal that is final."""
        try:
            response: GenResponse = await self._teacher.send(request)
        except SendError as error:
            if RETRYABLE[error.reason]:
                raise
            return self._failure(request, digest, error, tries)
        return response.model_copy(update={"tries": tries})

    def _failure(self, request: GenRequest, digest: str, error: SendError, tries: int) -> GenFailure:
        return GenFailure(
            request_id=request.request_id,
            digest=digest,
            teacher=self._teacher.name,
            reason=error.reason,
            message=error.message,
            tries=tries,
        )
