"""The prompts of prepared payloads: some with an attacked twin, and what is asked about each."""

from collections import Counter
from collections.abc import Iterable, Iterator

import xxhash

from datagen.injection.screen import Screen
from datagen.injection.twin import attacked
from datagen.payloads.anonymise import check_may_leave
from datagen.products.guide import ROOM, guiding_schema
from datagen.products.row import split_of
from datagen.products.summarise import Summarise
from datagen.products.summary import Summary
from datagen.task import Prompt, Task
from schemas.generation.request import GenRequest
from schemas.payload import Payload
from schemas.summaries.recipe import SummariesRecipe


class Prompts:
    """Iterates once over the prompts of some payloads, and counts what it has met on the way."""

    def __init__(
        self, recipe: SummariesRecipe, payloads: Iterable[Payload], limit: int | None, *, teacher_is_remote: bool
    ) -> None:
        """``limit`` prompts at most."""
        self._recipe, self._given, self._limit, self._is_remote = recipe, payloads, limit, teacher_is_remote
        self.task: Task[Payload, Summary] = Summarise(recipe)
        self.read = 0
        """Payloads that were read."""
        self.asked = 0
        """Prompts."""
        self.skipped = Counter[str]()
        """Payloads that nothing is asked about, by the reason."""
        self.screen = Screen(recipe.payloads.instructions)
        """Which payloads carry instructions."""
        self.twins = 0
        """Attacked twins that were asked about."""

    def __iter__(self) -> Iterator[Prompt[Payload]]:
        """Raises NotAnonymised: a payload would leave the machine as it is."""
        settings = self._recipe.payloads
        for payload in () if self._limit == 0 else self._given:
            self.read += 1
            check_may_leave(
                payload, teacher_is_remote=self._is_remote, needs_anonymised=settings.remote_needs_anonymised
            )
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
            self.skipped["suits no product any more"] += self.asked == before

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
