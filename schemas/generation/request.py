"""One request to a teacher: everything that its answer depends on, but the teacher itself."""

from collections.abc import Mapping

from pydantic import Field, JsonValue

from schemas.chat import ChatMessage
from schemas.document import DIGEST_PATTERN
from schemas.strict import StrictModel


class Sampling(StrictModel):
    """How tokens are chosen; names and meanings are those of the OpenAI API."""

    max_tokens: int = Field(default=4096, ge=1)
    """Most tokens of an answer; where it is cut there, it says ``finish_reason: length``."""
    temperature: float = Field(default=0.7, ge=0)
    """0: always the likeliest token."""
    top_p: float = Field(default=1.0, gt=0, le=1)
    """Only the likeliest tokens that together have this probability."""
    seed: int = Field(default=0, ge=0, lt=2**31)
    """Of the first sample; sample ``i`` of a prompt has ``seed + i``."""
    stop: tuple[str, ...] = ()
    """Texts at which an answer ends."""


class Tool(StrictModel):
    """A function that the model may call."""

    name: str = Field(min_length=1)
    description: str = ""
    parameters: Mapping[str, JsonValue]
    """JSON Schema of its arguments."""


class GenRequest(StrictModel):
    """A request: one sample of one prompt, or a turn that asks for a correction."""

    request_id: str = Field(pattern=DIGEST_PATTERN)
    """The prompt's id: the same on every run."""
    task: str = Field(min_length=1)
    """The task that asks; it is not sent."""
    messages: tuple[ChatMessage, ...] = Field(min_length=1)
    """The conversation so far."""
    tools: tuple[Tool, ...] = ()
    """What the model may call."""
    sampling: Sampling = Sampling()
    """How tokens are chosen."""
    json_schema: Mapping[str, JsonValue] | None = None
    """What the answer must be; guides the decoding where the teacher can do that."""
    sample: int = Field(default=0, ge=0)
    """Which of several samples of the same prompt."""
    attempt: int = Field(default=0, ge=0)
    """0 for the first question, 1 for the turn that asks for a correction."""
