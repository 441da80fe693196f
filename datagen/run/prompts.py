"""The prompts of a file: its payloads, made anonymous, some with an attacked twin, and what is asked about each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import xxhash

from datagen.evaluation.held_out import held_out_of
from datagen.injection.screen import Screen
from datagen.injection.twin import attacked
from datagen.payloads.anonymise import anonymise, check_may_leave
from datagen.payloads.people import People
from datagen.payloads.read import read_payloads
from datagen.payloads.reading import Unreadable
from datagen.payloads.render import render
from datagen.products.guide import ROOM, guiding_schema
from datagen.products.row import split_of
from datagen.products.summarise import Summarise
from datagen.products.summary import Summary
from datagen.task import Prompt, Task
from filters.pii.finders import Finder
from filters.pii.redact import finders_of
from schemas.generation.request import GenRequest
from schemas.payload import Payload
from schemas.steps.pii import Kind, Pii
from schemas.summaries.recipe import SummariesRecipe


class Prompts:
    """Iterates once over the prompts of a file, and counts what it has met on the way."""

    def __init__(self, recipe: SummariesRecipe, path: str, limit: int | None, *, teacher_is_remote: bool) -> None:
        """``limit`` prompts at most."""
        self._recipe, self._path, self._limit, self._is_remote = recipe, path, limit, teacher_is_remote
        self.task: Task[Payload, Summary] = Summarise(recipe)
        self.read = 0
        """Records of the file that were read."""
        self.asked = 0
        """Prompts."""
        self.skipped = Counter[str]()
        """Payloads that nothing is asked about, by the reason."""
        self.screen = Screen(recipe.payloads.instructions)
        """Which payloads carry instructions."""
        self.twins = 0
        """Attacked twins that were asked about."""
        self.unreadable: list[Unreadable] = []

    def __iter__(self) -> Iterator[Prompt[Payload]]:
        """Raises NotAnonymised: a payload would leave the machine as it is."""
        for read in () if self._limit == 0 else read_payloads(self._path):
            self.read += 1
            if isinstance(read, Unreadable):
                self.unreadable.append(read)
                continue
            if self._is_held_out(read):
                self.skipped["shares with an evaluation set"] += 1
                continue
            if not any(self.task.prompts(read)):
                self.skipped["suits no product"] += 1
                continue
            payload = self._as_sent(read)
            if not self.screen.admits(payload):
                self.skipped["carries instructions"] += 1
                continue
            before = self.asked
            for each in (payload, *self._twin(payload)):
                prompts = [*self.task.prompts(each)]
                self.twins += each is not payload and bool(prompts)
                for prompt in prompts:
                    self.asked += 1
                    yield prompt
                    if self.asked == self._limit:
                        return
            self.skipped["suits no product"] += self.asked == before

    def _is_held_out(self, payload: Payload) -> bool:
        """Before anything is replaced in it: made-up names would hide what it shares."""
        folders = self._recipe.payloads.evaluation_sets
        return bool(folders) and held_out_of(folders).shared(payload.family, render(payload)) is not None

    def _as_sent(self, payload: Payload) -> Payload:
        """The payload as it may be sent."""
        settings = self._recipe.payloads
        if settings.anonymise and not payload.anonymised:
            payload = anonymise(payload, _people(self._recipe.language_pipeline), _finders(), self._recipe.seed)
        check_may_leave(payload, teacher_is_remote=self._is_remote, needs_anonymised=settings.remote_needs_anonymised)
        return payload

    def _twin(self, payload: Payload) -> Iterator[Payload]:
        """Its attacked twin, if it gets one."""
        seed = self._recipe.seed
        draw = xxhash.xxh3_64_intdigest(f"twin/{payload.payload_id}".encode(), seed=seed) / 2**64
        if payload.attack is None and draw < self._recipe.payloads.attacked_share:
            yield attacked(payload, split_of(payload.family, seed), seed)


def to_request(recipe: SummariesRecipe, prompt: Prompt[Payload], sample: int) -> GenRequest:
    """One sample of a prompt as it is sent."""
    sampling = recipe.sampling
    product = next(each for each in recipe.products if each.name == prompt.product)
    return GenRequest(
        request_id=prompt.prompt_id,
        task=recipe.task,
        messages=prompt.messages,
        sampling=sampling.model_copy(update={"max_tokens": min(sampling.max_tokens, ROOM * prompt.max_tokens)}),
        json_schema=guiding_schema(prompt.answer, product),
        sample=sample,
    )


@cache
def _people(pipeline: str) -> People:
    return People(pipeline)


@cache
def _finders() -> Mapping[Kind, Finder]:
    return finders_of(Pii())
