"""A task: what is asked of a teacher about one item, and what its answers are judged by."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from schemas.chat import ChatMessage

ItemT = TypeVar("ItemT")
SampleT_co = TypeVar("SampleT_co", covariant=True)


@dataclass(frozen=True)
class Prompt(Generic[ItemT]):
    """One question about one item: all that a request to a teacher is made of, but for its sampling."""

    prompt_id: str
    """Hex of xxh3-128 over the item's id, the messages and the form of the answer: the same on every run."""
    item: ItemT
    """What is asked about, as the sample needs it."""
    product: str
    """Which of the task's products is asked for."""
    messages: tuple[ChatMessage, ...]
    """What is sent."""
    answer: type[BaseModel]
    """What the answer must be: its JSON Schema guides the teacher, and it parses what comes back."""
    max_tokens: int
    """More than the longest good answer needs."""


class Task(Protocol[ItemT, SampleT_co]):
    """Turns items into prompts and answers into samples. Pure: no teacher, no files."""

    name: str
    version: str
    """Of everything that decides what is asked and what is kept; part of a run's fingerprint."""

    def prompts(self, item: ItemT) -> Iterator[Prompt[ItemT]]:
        """What is asked about an item, in an order that never changes; nothing, where it does not suit the task."""
        ...

    def sample(self, prompt: Prompt[ItemT], answer: BaseModel) -> SampleT_co:
        """The sample of a parsed answer, which the gates judge."""
        ...
