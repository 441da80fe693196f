"""A product: one kind of summary, as its specification says it must be (AFM R33)."""

from string import Formatter
from typing import Literal, Self

from pydantic import Field, model_validator

from schemas.payload import PayloadKind
from schemas.strict import StrictModel

Form = Literal["text", "bullets", "title", "priority", "replies"]
"""What the answer is: prose, a list, a line without a full stop, a level with its reason, or messages to send."""

Person = Literal["third", "reader", "writer"]
"""``third``: nobody is "I" or "you". ``reader``: "you" is who reads it. ``writer``: said by the reader, as "I"."""

PLACEHOLDERS = ("kind", "min_words", "max_words", "max_characters", "min_items", "max_items", "language")
"""What an instruction may have in braces."""


class Between(StrictModel):
    """A range, both ends allowed."""

    min: int = Field(default=1, ge=0)
    """The fewest."""
    max: int = Field(ge=1)
    """The most."""

    @model_validator(mode="after")
    def _is_a_range(self) -> Self:
        if self.min > self.max:
            raise ValueError(f"min {self.min} is above max {self.max}")
        return self

    def holds(self, value: int) -> bool:
        """Whether ``value`` lies in it."""
        return self.min <= value <= self.max

    def describe(self) -> str:
        """The range as a bound: ``5 to 25``."""
        return f"{self.min} to {self.max}"


class Product(StrictModel):
    """One kind of summary. Whatever it asks for is both said to the teacher and checked by a gate."""

    name: str = Field(pattern="^[a-z][a-z0-9-]*$")
    """Its name in rows and reports."""
    version: int = Field(default=1, ge=1)
    """Raised with every change of what is asked for."""
    kinds: tuple[PayloadKind, ...] = Field(min_length=1)
    """Payloads that it is made for."""
    stacked: bool | None = None
    """Only for several parts (true), only for one (false), or both (null)."""
    form: Form
    """What the answer is."""
    instructions: tuple[str, ...] = Field(min_length=1)
    """What the user asks, in several wordings, one a payload, chosen by its id. Braces: ``{max_words}`` ..."""
    words: Between
    """Words of the whole answer; of each reply, for replies."""
    characters: Between
    """Characters, of the same."""
    items: Between | None = None
    """Bullets or replies."""
    sentences: Between | None = None
    """Sentences of the whole answer."""
    person: Person = "third"
    """The point of view. "I" and "we" are never allowed but in replies, or where the reader wrote the payload."""
    voice: Literal["active", "any"] = "any"
    """``active``: at most half of the clauses are passive."""
    tense: Literal["present", "past", "any"] = "any"
    """The tense of the main clauses; any, where the payload's own decides."""
    never: tuple[str, ...] = ()
    """Words and phrases that must not appear, whatever their case."""

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.form in ("bullets", "replies")) != (self.items is not None):
            raise ValueError(f"`items` is for bullets and replies, and they need it; the form is {self.form}")
        if (self.form == "replies") != (self.person == "writer"):
            raise ValueError("replies are said by the reader: form replies and person writer go together")
        for instruction in self.instructions:
            unknown = {name for _, name, _, _ in Formatter().parse(instruction) if name is not None} - {*PLACEHOLDERS}
            if unknown:
                raise ValueError(
                    f"instruction {instruction!r}: no value for {', '.join(sorted(unknown))}; "
                    f"there are {', '.join(PLACEHOLDERS)}"
                )
        return self

    def suits(self, kind: PayloadKind, stacked: bool) -> bool:
        """Whether it is made for such a payload."""
        return kind in self.kinds and self.stacked in (None, stacked)
