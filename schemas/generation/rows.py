"""Rows of what was not kept: samples that a gate rejected, and requests without a usable answer."""

import pyarrow as pa
from pydantic import Field

from schemas.arrow import arrow_schema
from schemas.document import DIGEST_PATTERN, LargeText
from schemas.generation.response import FailureReason
from schemas.strict import StrictModel
from schemas.summaries.row import GateScore
from schemas.version import stamp


class AskedFor(StrictModel):
    """What was asked for; the columns that both kinds of rows have."""

    prompt_id: str = Field(pattern=DIGEST_PATTERN)
    """The prompt."""
    sample: int = Field(ge=0)
    """Which of its samples."""
    payload_id: str = Field(pattern=DIGEST_PATTERN)
    """The payload."""
    family: str = Field(min_length=1)
    """Its seed family."""
    source: str = Field(min_length=1)
    """Its collection."""
    product: str = Field(min_length=1)
    """What was asked for."""
    teacher: str = Field(min_length=1)
    """Model and revision."""
    prompt_tokens: int = Field(ge=0)
    """Tokens read, over all turns."""
    completion_tokens: int = Field(ge=0)
    """Tokens written, over all turns."""


class RejectedSample(AskedFor):
    """A sample that a gate rejected, and why."""

    text: LargeText
    """The sample."""
    payload: LargeText
    """What it is a summary of."""
    gate: str = Field(min_length=1)
    """The gate that rejected it."""
    reason: str = Field(min_length=1)
    """The code of the reason."""
    score: float
    """The measured value."""
    bound: str = Field(min_length=1)
    """The bound that it breaks."""
    detail: str
    """What explains the value."""
    gates: tuple[GateScore, ...]
    """What all gates that saw it measured."""


class FailedRequest(AskedFor):
    """A request without an answer of the form that was asked for."""

    reason: FailureReason
    """Why."""
    retryable: bool
    """Whether the same request may have an answer another time."""
    message: LargeText
    """What went wrong, for a person."""
    finish_reason: str | None
    """Why the model ended, if it wrote something."""
    text: LargeText | None
    """What it wrote."""


def rejected_schema() -> pa.Schema:
    """The schema of ``rejected/``."""
    return stamp(arrow_schema(RejectedSample), "rejected-sample")


def failed_schema() -> pa.Schema:
    """The schema of ``failures/``."""
    return stamp(arrow_schema(FailedRequest), "failed-request")
