"""The prompts of prepared payloads: some with an attacked twin, and what is asked about each."""

from collections.abc import Iterable, Iterator

import xxhash

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
        self.unsuitable = 0
        """Those that suit no product any more."""
        self.asked = 0
        """Prompts."""

    def __iter__(self) -> Iterator[Prompt[Payload]]:
        """Raises NotAnonymised: a payload would leave the machine as it is."""
        for given in () if self._limit == 0 else self._given:
            self.read += 1
            suitable = False
            for payload in self._payloads(given):
                for prompt in self.task.prompts(payload):
                    suitable = True
                    self.asked += 1
                    yield prompt
                    if self.asked == self._limit:
                        return
            self.unsuitable += not suitable

    def _payloads(self, payload: Payload) -> Iterator[Payload]:
        """The payload, and its attacked twin if it gets one."""
        settings = self._recipe.payloads
        check_may_leave(payload, teacher_is_remote=self._is_remote, needs_anonymised=settings.remote_needs_anonymised)
        yield payload
        seed = self._recipe.seed
        draw = xxhash.xxh3_64_intdigest(f"twin/{payload.payload_id}".encode(), seed=seed) / 2**64
        if payload.attack is None and draw < settings.attacked_share:
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
