"""What a generation would take: tokens, time and cost, from a few prompts that are really asked.

Their answers are kept in the journal, so the run that follows does not pay for them again.
"""

import asyncio
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from rich.console import Console

from datagen.flow.budget import Tokens
from datagen.journal.lock import RunLock
from datagen.run.ask import Line, in_order
from datagen.run.courier.client import Courier
from datagen.run.plan import GenerationPlan, spread
from datagen.run.prepare import prepare
from datagen.run.prompts import Prompts, to_request
from datagen.run.run import log_beside, serve
from datagen.run.suitable import SuitablePayloads
from datagen.structured import Answered, ask_for
from datagen.task import Prompt
from pipelines.engine.outputs.files import is_local
from pipelines.engine.shard import Shard
from schemas.generation.response import GenFailure
from schemas.payload import Payload
from schemas.summaries.recipe import SummariesRecipe

TRIAL_PROMPTS = 50
"""How many are asked."""


@dataclass(frozen=True)
class Estimate:
    """What all samples would take, if they are like those that were tried."""

    samples: int
    """How many there are."""
    tried: int
    """How many were asked."""
    answered: int
    """How many of those had an answer of the right form."""
    tokens: Tokens
    """For all."""
    seconds: float | None
    """For all; None: those that were tried had been answered before."""
    cost: float | None
    """For all; None: no price is known."""


def estimate(plan: GenerationPlan, console: Console) -> Estimate:
    """Count the prompts, ask some of them, and scale up. Raises TeacherError or JournalError as a run does."""
    samples = count_prompts(plan) * plan.recipe.samples
    limits = spread(min(TRIAL_PROMPTS, samples), plan.shards) or {}
    with ExitStack() as stack:
        if is_local(plan.journal):
            stack.enter_context(RunLock(Path(plan.journal), plan.recipe.flow.timeout_seconds, console.print))
        url = serve(plan.recipe.teacher, log_beside(plan.journal), stack, console)
        console.print(
            f"asking {sum(limits.values()):,} of {samples:,} prompts; their answers are kept for the run",
            soft_wrap=True,
        )
        outcomes, seconds = asyncio.run(_ask(plan, limits, url))
    tried = len(outcomes)
    used = sum((tokens for tokens, _, _ in outcomes), Tokens())
    factor = samples / tried if tried else 0.0
    tokens = Tokens(round(used.prompt * factor), round(used.completion * factor))
    new = sum(not cached for _, cached, _ in outcomes)
    return Estimate(
        samples=samples,
        tried=tried,
        answered=sum(good for _, _, good in outcomes),
        tokens=tokens,
        seconds=seconds * samples / new if new else None,
        cost=tokens.cost(plan.recipe.teacher.price),
    )


def count_prompts(plan: GenerationPlan) -> int:
    """How many prompts there are, without asking or replacing anything."""
    payloads = plan.recipe.payloads.model_copy(update={"anonymise": False})
    recipe = plan.recipe.model_copy(update={"payloads": payloads})
    limited = ((shard, None if plan.limits is None else plan.limits[shard.name]) for shard in plan.shards)
    return sum(1 for shard, limit in limited for _ in _prompts(recipe, shard, limit, teacher_is_remote=False))


def _prompts(recipe: SummariesRecipe, shard: Shard, limit: int | None, *, teacher_is_remote: bool) -> Prompts:
    """Of a file; payloads that repeat others are not known yet."""
    payloads = (prepare(payload, recipe) for payload in SuitablePayloads(recipe, shard.input.uri, limit))
    return Prompts(recipe, payloads, limit, teacher_is_remote=teacher_is_remote)


async def _ask(
    plan: GenerationPlan, limits: Mapping[str, int], server_url: str | None
) -> tuple[list[tuple[Tokens, bool, bool]], float]:
    """Tokens of each, whether it had been answered before, and whether its answer is of the right form; the seconds."""
    found = []
    async with Courier(plan.recipe, plan.journal, plan.bounds, server_url) as courier:

        async def ask(prompt: Prompt[Payload]) -> Answered | GenFailure:
            return await ask_for(prompt.answer, to_request(plan.recipe, prompt, 0), courier.ask)

        is_remote = not courier.teacher_is_local
        trial = [_prompts(plan.recipe, s, limits[s.name], teacher_is_remote=is_remote) for s in plan.shards]
        began = time.monotonic()
        async for outcome in in_order(chain.from_iterable(trial), ask, Line(TRIAL_PROMPTS)):
            if isinstance(outcome, Answered):
                found.append((outcome.used, outcome.response.cached, True))
            else:
                found.append((Tokens(outcome.prompt_tokens, outcome.completion_tokens), outcome.cached, False))
        return found, time.monotonic() - began


def print_estimate(found: Estimate, console: Console) -> None:
    """The estimate in lines."""
    console.print(f"samples: {found.samples:,}; {found.tried:,} tried, {found.answered:,} of them parsed")
    console.print(f"tokens:  about {found.tokens.prompt:,} read, {found.tokens.completion:,} written")
    hours = "unknown, all that were tried had been answered before"
    console.print(
        f"time:    about {found.seconds / 60:,.1f} minutes" if found.seconds is not None else f"time:    {hours}"
    )
    cost = f"about {found.cost:,.4f}" if found.cost is not None else "unknown, the recipe has no teacher.price"
    console.print(f"cost:    {cost}")
