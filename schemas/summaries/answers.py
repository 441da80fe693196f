"""The forms that a teacher fills: one a product, so that guided decoding and parsing know the same thing."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from schemas.strict import StrictModel
from schemas.summaries.product import Form, Product


class Answer(StrictModel, ABC):
    """What every form can say of itself."""

    @abstractmethod
    def texts(self) -> tuple[str, ...]:
        """The pieces of free text, each of which the gates look at."""

    @abstractmethod
    def render(self) -> str:
        """The answer as an adapter is trained to write it."""


class TextAnswer(Answer):
    """Prose."""

    summary: str = Field(min_length=1)
    """The summary."""

    def texts(self) -> tuple[str, ...]:
        """The summary."""
        return (self.summary.strip(),)

    def render(self) -> str:
        """The summary."""
        return self.summary.strip()


class BulletsAnswer(Answer):
    """A list."""

    bullets: tuple[str, ...] = Field(min_length=1)
    """The points, without marks."""

    def texts(self) -> tuple[str, ...]:
        """The points."""
        return tuple(bullet.strip() for bullet in self.bullets)

    def render(self) -> str:
        """A line each, with a hyphen."""
        return "\n".join(f"- {bullet}" for bullet in self.texts())


class TitleAnswer(Answer):
    """A title."""

    title: str = Field(min_length=1)
    """The title."""

    def texts(self) -> tuple[str, ...]:
        """The title."""
        return (self.title.strip(),)

    def render(self) -> str:
        """The title."""
        return self.title.strip()


class PriorityAnswer(Answer):
    """How urgent it is, and why."""

    priority: Literal["high", "normal", "low"]
    """The level."""
    reason: str = Field(min_length=1)
    """Why."""

    def texts(self) -> tuple[str, ...]:
        """The reason."""
        return (self.reason.strip(),)

    def render(self) -> str:
        """Level, colon, reason."""
        return f"{self.priority.capitalize()}: {self.reason.strip()}"


class RepliesAnswer(Answer):
    """What the reader might answer."""

    replies: tuple[str, ...] = Field(min_length=1)
    """The messages."""

    def texts(self) -> tuple[str, ...]:
        """The messages."""
        return tuple(reply.strip() for reply in self.replies)

    def render(self) -> str:
        """A line each, with a hyphen."""
        return "\n".join(f"- {reply}" for reply in self.texts())


ANSWERS: Mapping[Form, type[Answer]] = {
    "text": TextAnswer,
    "bullets": BulletsAnswer,
    "title": TitleAnswer,
    "priority": PriorityAnswer,
    "replies": RepliesAnswer,
}


def answer_form(product: Product) -> type[Answer]:
    """The form of a product's answers."""
    return ANSWERS[product.form]
