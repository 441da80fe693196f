"""The sample of this task: a payload, what was asked, what came back."""

from dataclasses import dataclass
from functools import cached_property

from datagen.payloads.render import render
from schemas.payload import Payload
from schemas.summaries.answers import Answer
from schemas.summaries.product import Product


@dataclass(frozen=True)
class Summary:
    """An answer and all that it is judged by."""

    payload: Payload
    """As it was shown: without its own title, where one was asked for."""
    product: Product
    instruction: str
    """What was asked, as the adapter will see it."""
    answer: Answer

    @cached_property
    def source(self) -> str:
        """The payload as text."""
        return render(self.payload)

    @cached_property
    def text(self) -> str:
        """The answer as text, a piece a line."""
        return "\n".join(self.answer.texts())

    def __str__(self) -> str:
        return self.answer.render()
