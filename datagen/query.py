"""A question to a teacher besides those of a task: what gates and the grades of an evaluation ask."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, JsonValue

from datagen.structured import answer_schema
from schemas.chat import ChatMessage
from schemas.fingerprint import fingerprint
from schemas.generation.request import GenRequest, Sampling

LIKELIEST = Sampling(max_tokens=400, temperature=0.0)
"""For a judge: always the likeliest answer."""


@dataclass(frozen=True)
class Query:
    """A question, and the form of its answer."""

    messages: tuple[ChatMessage, ...]
    """What is sent."""
    form: type[BaseModel]
    """What the answer must be."""
    sampling: Sampling = LIKELIEST
    """How its tokens are chosen."""
    schema: dict[str, JsonValue] | None = None
    """What guides the decoding; None: the schema of the form."""
    sample: int = 0
    """Which of several answers to the same question."""

    def request(self, task: str) -> GenRequest:
        """The request to a teacher."""
        return GenRequest(
            request_id=fingerprint([message.model_dump(mode="json") for message in self.messages]),
            task=task,
            messages=self.messages,
            sampling=self.sampling,
            json_schema=self.schema or answer_schema(self.form),
            sample=self.sample,
        )


Ask = Callable[[Sequence[Query]], list[BaseModel | None]]
"""Puts questions to a teacher: the answers, in their order; None where it gave none of the form."""
