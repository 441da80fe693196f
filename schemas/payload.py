"""A payload: what is to be summarised, in the form in which a device holds it (AFM R32)."""

from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.document import DIGEST_PATTERN
from schemas.fingerprint import fingerprint
from schemas.strict import StrictModel

PayloadKind = Literal["email", "message", "notification", "article", "meeting", "document"]
"""What a payload is: one e-mail or a thread, a chat, notifications, a text, spoken turns, a longer text."""


class Part(StrictModel):
    """One e-mail, message, notification, turn or section."""

    text: str
    """Its body."""
    sender: str | None = None
    """Who wrote or said it, as shown; for a notification the person, if any."""
    title: str | None = None
    """Subject of an e-mail, title of a notification, heading of a section."""
    app: str | None = None
    """The program that shows a notification."""
    sent_at: str | None = None
    """When, as written in the source."""


class Attack(StrictModel):
    """What was planted in the twin of a clean payload (AFM R34)."""

    family: str = Field(min_length=1)
    """The family of attacks: ``override``, ``exfiltration`` ..."""
    text: str = Field(min_length=1)
    """What was planted."""
    canary: str = Field(min_length=1)
    """What an answer that obeys would hold."""
    twin_of: str = Field(pattern=DIGEST_PATTERN)
    """The clean payload."""


class Payload(StrictModel):
    """What is to be summarised: one part, or several stacked ones."""

    kind: PayloadKind
    """What it is."""
    parts: tuple[Part, ...] = Field(min_length=1)
    """In the order in which they are read."""
    family: str = Field(min_length=1)
    """The seed family: whatever shares a mailbox, thread or origin. A family is never split between train and test."""
    source: str = Field(min_length=1)
    """The collection it comes from."""
    reader: str | None = None
    """Who reads the summary, where the payload says; a part that this person sent may be summarised as "you"."""
    language: str | None = None
    """ISO 639-1 code; null: not known."""
    license: str | None = None
    """SPDX expression, or null."""
    anonymised: bool = False
    """Whether personal data was replaced by made-up values."""
    attack: Attack | None = None
    """What was planted in it; null: nothing."""

    @model_validator(mode="after")
    def _has_text(self) -> Self:
        if not any(part.text.strip() or (part.title or "").strip() for part in self.parts):
            raise ValueError("a payload without any text")
        return self

    @property
    def payload_id(self) -> str:
        """Hex of xxh3-128 over all that a summary may depend on: never a position, never random."""
        return fingerprint({"kind": self.kind, "reader": self.reader, "parts": [p.model_dump() for p in self.parts]})

    @property
    def stacked(self) -> bool:
        """Whether it has several parts."""
        return len(self.parts) > 1
