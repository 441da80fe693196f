"""What a generation would take: tokens, time and cost, from a few prompts that are really asked and judged.

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
from datagen.gates.registry import summary_gates
from datagen.gates.run import run_gates
from datagen.journal.lock import RunLock
from datagen.products.summarise import Summarise
from datagen.run.ask import Line, in_order
from datagen.run.courier.client import Courier
from datagen.run.judge import judging_teacher
from datagen.run.plan import GenerationPlan, spread
from datagen.run.prepare import prepare
from datagen.run.prompts import Prompts, to_request
from datagen.run.run import log_beside, serve
from datagen.run.suitable import SuitablePayloads
from datagen.structured import Answered, ask_for
from datagen.task import Prompt
from pipelines.engine.outputs.files import is_local
from pipelines.engine.shard import Shard
from schemas.generation.request import GenRequest
from schemas.generation.response import GenFailure, Outcome
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
    kept: int
    """How many of those the gates let pass."""
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
        trial = asyncio.run(_ask(plan, limits, url))
    tried = len(trial.outcomes)
    factor = samples / tried if tried else 0.0
    tokens = Tokens(round(trial.used.prompt * factor), round(trial.used.completion * factor))
    new = sum(not _cached(outcome) for outcome in trial.outcomes)
    return Estimate(
        samples=samples,
        tried=tried,
        answered=sum(isinstance(outcome, Answered) for outcome in trial.outcomes),
        kept=trial.kept,
        tokens=tokens,
        seconds=trial.seconds * samples / new if new else None,
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


@dataclass(frozen=True)
class _Trial:
    """What came of the prompts that were tried."""

    outcomes: list[Answered | GenFailure]
    kept: int
    used: Tokens
    """By all turns and all gates."""
    seconds: float


async def _ask(plan: GenerationPlan, limits: Mapping[str, int], server_url: str | None) -> _Trial:
    """Ask some prompts of each file, and judge the answers by the recipe's gates, some of which ask a teacher too."""
    used = Tokens()
    async with Courier(plan.recipe, plan.journal, plan.bounds, server_url) as courier:

        async def ask(request: GenRequest) -> Outcome:
            nonlocal used
            outcome = await courier.ask(request)
            used += Tokens(outcome.prompt_tokens, outcome.completion_tokens)
            return outcome

        async def answer(prompt: Prompt[Payload]) -> tuple[Prompt[Payload], Answered | GenFailure]:
            return prompt, await ask_for(prompt.answer, to_request(plan.recipe, prompt, 0), ask)

        is_remote = not courier.teacher_is_local
        trial = [_prompts(plan.recipe, s, limits[s.name], teacher_is_remote=is_remote) for s in plan.shards]
        began = time.monotonic()
        found = [each async for each in in_order(chain.from_iterable(trial), answer, Line(TRIAL_PROMPTS))]
        gates = summary_gates(plan.recipe, judging_teacher(ask, asyncio.get_running_loop()))
        task = Summarise(plan.recipe)
        samples = [task.sample(prompt, out.answer) for prompt, out in found if isinstance(out, Answered)]
        judgements = await asyncio.to_thread(run_gates, samples, gates)
        kept = sum(judgement.kept for judgement in judgements)
        return _Trial([outcome for _, outcome in found], kept, used, time.monotonic() - began)


def _cached(outcome: Answered | GenFailure) -> bool:
    return outcome.response.cached if isinstance(outcome, Answered) else outcome.cached


def print_estimate(found: Estimate, console: Console) -> None:
    """The estimate in lines."""
    console.print(f"samples: {found.samples:,}; {found.tried:,} tried, {found.answered:,} of them parsed")
    share = found.kept / found.tried if found.tried else 0.0
    console.print(f"kept:    {found.kept:,} of these by all gates, so about {share * found.samples:,.0f} rows")
    console.print(f"tokens:  about {found.tokens.prompt:,} read, {found.tokens.completion:,} written")
    hours = "unknown, all that were tried had been answered before"
    console.print(
        f"time:    about {found.seconds / 60:,.1f} minutes" if found.seconds is not None else f"time:    {hours}"
    )
    cost = f"about {found.cost:,.4f}" if found.cost is not None else "unknown, the recipe has no teacher.price"
    console.print(f"cost:    {cost}")
