"""What comes back from a teacher: an answer, or a failure that says why; both with what was spent."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from schemas.chat import ToolCall
from schemas.document import DIGEST_PATTERN, LargeText
from schemas.strict import StrictModel

FailureReason = Literal[
    "rate_limited",
    "timeout",
    "connection",
    "server_error",
    "malformed_response",
    "refused_request",
    "not_authorised",
    "not_recorded",
    "cut_at_max_tokens",
    "not_the_form_asked_for",
    "budget",
]
"""Why there is no answer. A stable code: waterfalls and manifests count by it."""

RETRYABLE: Mapping[FailureReason, bool] = {
    "rate_limited": True,
    "timeout": True,
    "connection": True,
    "server_error": True,
    "malformed_response": True,
    "refused_request": False,
    "not_authorised": False,
    "not_recorded": False,
    "cut_at_max_tokens": False,
    "not_the_form_asked_for": False,
    "budget": True,
}
"""Whether the same request may have an answer another time."""


class _Outcome(StrictModel):
    request_id: str = Field(pattern=DIGEST_PATTERN)
    """The request."""
    digest: str = Field(pattern=DIGEST_PATTERN)
    """Of everything that was sent, and to whom."""
    teacher: str = Field(min_length=1)
    """Model and revision: ``name@revision``."""
    finish_reason: str | None = None
    """Why the model ended: ``stop``, ``length``, ``tool_calls``; null where nothing came."""
    prompt_tokens: int = Field(default=0, ge=0)
    """Tokens read, as the teacher counts them."""
    completion_tokens: int = Field(default=0, ge=0)
    """Tokens written."""
    latency_seconds: float = Field(default=0.0, ge=0)
    """From sending to the whole answer, of the last try."""
    tries: int = Field(default=1, ge=0)
    """How often it was sent."""
    cached: bool = False
    """Whether it was answered by an earlier run."""


class GenResponse(_Outcome):
    """An answer."""

    text: LargeText
    """What the model wrote."""
    tool_calls: tuple[ToolCall, ...] = ()
    """The tools that it calls."""


class GenFailure(_Outcome):
    """No answer, or none that can be used."""

    reason: FailureReason
    """Why."""
    message: LargeText
    """What went wrong, for a person."""
    text: LargeText | None = None
    """What the model wrote, where it wrote something."""

    @property
    def retryable(self) -> bool:
        """Whether the same request may have an answer another time."""
        return RETRYABLE[self.reason]


Outcome = GenResponse | GenFailure
