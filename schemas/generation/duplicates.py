"""The part of a recipe that says which payloads and which samples repeat others."""

from typing import Self

from pydantic import model_validator

from schemas.recipe.deduplicate import Deduplicate, MinHashSettings, TextDuplicates
from schemas.strict import StrictModel


class Duplicates(StrictModel):
    """What counts as a repetition; a section that is null is skipped."""

    text: TextDuplicates | None = TextDuplicates(normalisation="words")
    """Equal texts."""
    minhash: MinHashSettings | None = MinHashSettings()
    """Similar texts."""

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if self.text is None and self.minhash is None:
            raise ValueError("nothing to do: give text or minhash, or null in place of both")
        return self

    def within_collections(self) -> Deduplicate:
        """As the stages of deduplication know it; which of several is kept is decided by a hash of the text."""
        return Deduplicate(scope="collection", survivor=(), text=self.text, minhash=self.minhash)


class DuplicateSettings(StrictModel):
    """What is compared, over all inputs: one of several survives."""

    payloads: Duplicates | None = Duplicates()
    """Payloads of one kind, before anything is replaced in them or asked about them; null: all are taken."""
    answers: Duplicates | None = Duplicates(minhash=MinHashSettings(ngram=3))
    """Samples of one product that the gates have kept, those of attacked twins apart; null: all are kept."""
