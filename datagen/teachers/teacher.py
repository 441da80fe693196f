"""What every teacher can do."""

import json
from types import TracebackType
from typing import Protocol, Self

import xxhash
from pydantic import JsonValue

from datagen.flow.limit import Fate
from schemas.generation.request import GenRequest
from schemas.generation.response import FailureReason, GenResponse


class SendError(Exception):
    """One request has no answer: why, and how long the teacher wants to be left alone."""

    def __init__(self, reason: FailureReason, message: str, retry_after: float | None = None) -> None:
        """``retry_after`` in seconds; None where the teacher does not say."""
        super().__init__(message)
        self.reason: FailureReason = reason
        self.message, self.retry_after = message, retry_after

    @property
    def fate(self) -> Fate:
        """What it says about the teacher's load."""
        return {"rate_limited": Fate.REFUSED, "timeout": Fate.TIMED_OUT}.get(self.reason, Fate.BROKEN)


class Teacher(Protocol):
    """A model that answers. Used as ``async with``: what it opens belongs to the event loop of that block."""

    name: str
    """Model and revision, as answers carry it: ``name@revision``."""
    is_local: bool
    """Whether what it is sent stays on this machine."""

    def sent(self, request: GenRequest) -> JsonValue:
        """All that an answer depends on: the model and how it is run, and the body that is sent."""
        ...

    async def send(self, request: GenRequest) -> GenResponse:
        """Send it once.

        Raises:
            SendError: there is no answer.
            TeacherError: there will be none to any request.
        """
        ...

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...


def request_digest(teacher: Teacher, request: GenRequest) -> str:
    """Hex of xxh3-128 over everything that is sent, to whom, and which sample it is for.

    The order of fields counts: in that of a JSON Schema a guided model writes them.
    """
    return xxhash.xxh3_128_hexdigest(json.dumps([teacher.sent(request), request.sample]).encode())
