"""The payloads of a file that something can be asked about."""

from collections.abc import Iterator

from datagen.evaluation.held_out import held_out_of
from datagen.payloads.read import read_payloads
from datagen.payloads.reading import Unreadable
from datagen.payloads.render import render
from datagen.products.summarise import Summarise
from schemas.payload import Payload
from schemas.summaries.recipe import SummariesRecipe


class SuitablePayloads:
    """Iterates once over the suitable payloads of a file, and counts what it has met on the way."""

    def __init__(self, recipe: SummariesRecipe, path: str, limit: int | None) -> None:
        """Ends as soon as there are ``limit`` prompts about them."""
        self._recipe, self._path, self._limit = recipe, path, limit
        self._task = Summarise(recipe)
        self.read = 0
        """Records of the file that were read."""
        self.suitable = 0
        self.unsuitable = 0
        """Payloads that suit no product."""
        self.held_out = 0
        """Payloads that share something with an evaluation set."""
        self.unreadable: list[Unreadable] = []

    def __iter__(self) -> Iterator[Payload]:
        prompts = 0
        for read in () if self._limit == 0 else read_payloads(self._path):
            self.read += 1
            if isinstance(read, Unreadable):
                self.unreadable.append(read)
            elif self._is_held_out(read):
                self.held_out += 1
            elif count := sum(1 for _ in self._task.prompts(read)):
                self.suitable += 1
                prompts += count
                yield read
                if self._limit is not None and prompts >= self._limit:
                    return
            else:
                self.unsuitable += 1

    def skipped(self) -> dict[str, int]:
        """How many were left out, by the reason."""
        found = {"suits no product": self.unsuitable, "shares with an evaluation set": self.held_out}
        return {reason: count for reason, count in found.items() if count}

    def _is_held_out(self, payload: Payload) -> bool:
        """Before anything is replaced in it: made-up names would hide what it shares."""
        folders = self._recipe.payloads.evaluation_sets
        return bool(folders) and held_out_of(folders).shared(payload.family, render(payload)) is not None
