"""A row of training or evaluation data: a conversation in ``messages`` form, and where it comes from."""

from typing import Annotated, Literal

import pyarrow as pa
from pydantic import Field

from schemas.arrow import ArrowType, arrow_schema
from schemas.chat import ChatMessage
from schemas.document import DIGEST_PATTERN
from schemas.payload import PayloadKind
from schemas.strict import StrictModel
from schemas.version import stamp

Split = Literal["train", "validation", "test"]
"""Which part of the data a seed family belongs to, as a whole."""


class GateScore(StrictModel):
    """What a gate measured on a kept sample."""

    gate: str
    """Its name."""
    score: float
    """The value."""
    passed: bool
    """False only for a gate that marks."""


class SummaryRow(StrictModel):
    """One sample. TRL and axolotl read ``messages`` (roles and contents); the rest says what it is."""

    messages: Annotated[
        tuple[ChatMessage, ...],
        ArrowType(
            pa.list_(pa.struct([pa.field("role", pa.string(), False), pa.field("content", pa.large_string(), False)]))
        ),
    ] = Field(min_length=2)
    """The instruction with the payload, and the summary."""
    sample_id: str = Field(pattern=DIGEST_PATTERN)
    """Hex of xxh3-128 over prompt and answer."""
    payload_id: str = Field(pattern=DIGEST_PATTERN)
    """The payload."""
    kind: PayloadKind
    """What the payload is."""
    parts: int = Field(ge=1)
    """How many parts it has."""
    family: str = Field(min_length=1)
    """Its seed family: never in two splits."""
    split: Split
    """Where it belongs."""
    source: str = Field(min_length=1)
    """The collection of the payload."""
    language: str | None
    """Language of the payload."""
    license: str | None
    """Licence of the payload."""
    product: str = Field(min_length=1)
    """The product."""
    product_version: int = Field(ge=1)
    """The version of its specification."""
    teacher: str = Field(min_length=1)
    """Model and revision that wrote the summary."""
    attack: str | None
    """Family of the attack in the payload; null: clean."""
    twin_of: str | None
    """The clean payload that it is the attacked twin of."""
    suspicion: float | None
    """How much the payload looks as if it spoke to the model, 0 to 1; from 0.5 on the report counts a clean one among
    those that carry instructions. Null: not looked at (``payloads.instructions: off``)."""
    gates: tuple[GateScore, ...]
    """What the gates measured."""


def row_schema() -> pa.Schema:
    """The Arrow schema of rows, named ``summary``."""
    return stamp(arrow_schema(SummaryRow), "summary")
