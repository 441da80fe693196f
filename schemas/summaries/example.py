"""A worked example that the teacher is shown before it is asked (few-shot prompting)."""

from collections.abc import Iterator, Mapping

from pydantic import Field, JsonValue

from schemas.payload import Part, Payload, PayloadKind
from schemas.strict import StrictModel


class Example(StrictModel):
    """A payload with a good answer for each of some products."""

    name: str = Field(pattern="^[a-z][a-z0-9-]*$")
    """What ``--set`` and errors call it."""
    kind: PayloadKind
    """What the payload is."""
    parts: tuple[Part, ...] = Field(min_length=1)
    """What it holds."""
    answers: Mapping[str, Mapping[str, JsonValue]] = Field(min_length=1)
    """By the name of a product, in the form that it has: ``{topline: {summary: ...}}``."""

    @property
    def payload(self) -> Payload:
        """The payload; made up, so that it needs no anonymising."""
        return Payload(kind=self.kind, parts=self.parts, family="example", source="recipe", anonymised=True)

    def texts(self) -> Iterator[str]:
        """All that its answers say."""
        for answer in self.answers.values():
            for value in answer.values():
                yield from (str(piece) for piece in (value if isinstance(value, list) else [value]))
