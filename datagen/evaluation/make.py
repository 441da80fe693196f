"""Makes the evaluation sets of a recipe: suitable payloads, apart from training, exactly so many a use case."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from datagen.evaluation.choose import TooFew, check_enough, choose
from datagen.evaluation.folder import EvaluationSet
from datagen.evaluation.frozen import freeze
from datagen.evaluation.hold_out import hold_out
from datagen.evaluation.overlap import Overlap
from datagen.evaluation.training import Text
from datagen.injection.screen import Screen
from datagen.payloads.read import read_payloads
from datagen.payloads.reading import Unreadable
from datagen.payloads.render import render
from datagen.products.summarise import Summarise
from datagen.run.inputs import find_payload_files
from schemas.payload import Payload, PayloadKind
from schemas.summaries.recipe import SummariesRecipe

ROOM = 2
"""Families are held out until there are so many times the payloads that are chosen: strata need a choice."""
REASONS = {
    "unsuitable": "that no product of the recipe suits (kind, payloads.words)",
    "carries_instructions": "that carry instructions",
    "family": "that share a seed family with training",
    "near_duplicate": "that are near-duplicates of training",
    "passage": "that share a passage with training",
}
"""Why payloads are left out, in words."""
BATCH = 1024
"""Texts of training that are looked at together."""


@dataclass(frozen=True)
class Made:
    """Evaluation sets, and what was not taken into them."""

    sets: tuple[EvaluationSet, ...]
    """One a use case."""
    left_out: Counter[str]
    """Payloads by the reason: ``unsuitable``, or what training shares."""
    for_training: int
    """Payloads of the inputs that share no seed family with a set: what can be trained on."""


def make_sets(
    recipe: SummariesRecipe,
    inputs: Sequence[str],
    training: Iterable[Text],
    *,
    kinds: Sequence[PayloadKind],
    size: int,
    seed: int,
) -> Made:
    """Choose ``size`` payloads of each kind; of all kinds that are there, where ``kinds`` is empty.

    Memory: the payloads of the inputs and a batch of training texts.

    Raises:
        InputError: an input cannot be used.
        TooFew: a use case has too few payloads.
    """
    left_out = Counter[str]()
    payloads = _suitable(recipe, inputs, left_out)
    apart = _apart(payloads, training, left_out)
    wanted = kinds or sorted({payload.kind for payload in payloads})
    try:
        check_enough(apart, wanted, size)
    except TooFew as error:
        why = ", ".join(f"{count:,} {REASONS[reason]}" for reason, count in sorted(left_out.items()))
        raise TooFew(f"{error}. Left out: {why or 'none'}") from error
    sets: list[EvaluationSet] = []
    for kind in wanted:
        pool = hold_out([payload for payload in apart if payload.kind == kind], ROOM * size, seed)
        chosen = choose(pool, kind, seed, size)
        sets.append((freeze(kind, chosen, seed), chosen))
    held = {payload.family for _, chosen in sets for payload in chosen}
    return Made(tuple(sets), left_out, sum(payload.family not in held for payload in payloads))


def _suitable(recipe: SummariesRecipe, inputs: Sequence[str], left_out: Counter[str]) -> list[Payload]:
    """Clean payloads that a product suits, and that a run with this recipe would ask about."""
    task, screen, found = Summarise(recipe), Screen(recipe.payloads.instructions), list[Payload]()
    for file in find_payload_files(inputs):
        for read in read_payloads(file.uri):
            if isinstance(read, Unreadable) or read.attack is not None or not any(task.prompts(read)):
                left_out["unsuitable"] += 1
            elif not screen.admits(read):
                left_out["carries_instructions"] += 1
            else:
                found.append(read)
    return found


def _apart(payloads: list[Payload], training: Iterable[Text], left_out: Counter[str]) -> list[Payload]:
    """The payloads that share nothing with training."""
    families: set[str] = set()
    reasons: dict[int, str] = {}
    overlap: Overlap | None = None
    batch: list[str] = []

    def look() -> None:
        nonlocal overlap
        overlap = overlap or Overlap([render(payload) for payload in payloads])
        for seen in overlap.look(batch):
            reasons.setdefault(seen.candidate, seen.reason)
        batch.clear()

    for family, text in training:
        families.add(family)
        batch.append(text)
        if len(batch) == BATCH:
            look()
    if batch:
        look()
    apart: list[Payload] = []
    for number, payload in enumerate(payloads):
        reason = "family" if payload.family in families else reasons.get(number)
        if reason is None:
            apart.append(payload)
        else:
            left_out[reason] += 1
    return apart
