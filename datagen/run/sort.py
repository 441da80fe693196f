"""Sorts results: kept rows, rejected samples, failures. Pure but for the gates' models."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from datagen.flow.budget import Tokens
from datagen.gates.gate import Verdict
from datagen.gates.run import GateSetting, Judgement, run_gates
from datagen.gates.waterfall import add_up, count_judgements
from datagen.injection.detect import suspicion
from datagen.products.row import to_row
from datagen.products.summary import Summary
from datagen.structured import Answered
from datagen.task import Prompt, Task
from schemas.generation.response import GenFailure
from schemas.generation.rows import AskedFor, FailedRequest, RejectedSample
from schemas.payload import Payload
from schemas.summaries.recipe import SummariesRecipe
from schemas.summaries.row import GateScore, SummaryRow
from schemas.waterfall import Waterfall

REPETITION = Verdict("duplicates", passed=False, score=1.0, bound="unique", reason="same_text", detail="")


@dataclass(frozen=True)
class Result:
    """What came of one sample of a prompt."""

    prompt: Prompt[Payload]
    sample: int
    outcome: Answered | GenFailure


@dataclass
class Sorted:
    """Rows of some results, in their order, and the account of them."""

    kept: list[SummaryRow] = field(default_factory=list)
    if_repeated: list[RejectedSample] = field(default_factory=list)
    """What each kept one is, should it turn out to repeat another."""
    rejected: list[RejectedSample] = field(default_factory=list)
    failed: list[FailedRequest] = field(default_factory=list)
    waterfall: Waterfall | None = None
    corrected: int = 0

    def dropped(self) -> Counter[str]:
        """How many were not kept, by gate and reason, or by the reason of the failure."""
        gates = Counter(f"{row.gate}.{row.reason}" for row in self.rejected)
        return gates + Counter(f"failed.{row.reason}" for row in self.failed)


def sort_results(
    results: Sequence[Result],
    task: Task[Payload, Summary],
    gates: Sequence[GateSetting[Summary]],
    teacher: str,
    recipe: SummariesRecipe,
) -> Sorted:
    """Judge what was answered."""
    answered = [(result, result.outcome) for result in results if isinstance(result.outcome, Answered)]
    judgements = run_gates([task.sample(result.prompt, outcome.answer) for result, outcome in answered], gates)
    found = Sorted(waterfall=count_judgements(judgements, gates, unparsed=_unparsed(results)))
    for (result, outcome), judgement in zip(answered, judgements, strict=True):
        found.corrected += outcome.corrected
        if judgement.rejected_by is None:
            looked_at = recipe.payloads.instructions != "off"
            payload = result.prompt.item
            score = suspicion(payload).score if looked_at else None
            found.kept.append(to_row(judgement, payload.payload_id, teacher, recipe.seed, score))
            found.if_repeated.append(_rejected(result, outcome.used, judgement, REPETITION, teacher))
        else:
            found.rejected.append(_rejected(result, outcome.used, judgement, judgement.rejected_by, teacher))
    found.failed = [_failed(result, result.outcome) for result in results if isinstance(result.outcome, GenFailure)]
    return found


def merge(parts: Iterable[Waterfall | None]) -> Waterfall:
    """The waterfall of all; of nothing, an empty one."""
    known = [part for part in parts if part is not None]
    return add_up(known) if known else Waterfall(generated=0, parsed=0, gates=(), kept=0)


def _unparsed(results: Sequence[Result]) -> int:
    """Failures where the teacher wrote something."""
    return sum(isinstance(result.outcome, GenFailure) and result.outcome.text is not None for result in results)


def _rejected(
    result: Result, used: Tokens, judgement: Judgement[Summary], verdict: Verdict, teacher: str
) -> RejectedSample:
    return RejectedSample(
        **_asked_for(result, teacher, used).model_dump(),
        text=str(judgement.sample),
        payload=judgement.sample.source,
        gate=verdict.gate,
        reason=verdict.reason,
        score=verdict.score,
        bound=verdict.bound,
        detail=verdict.detail,
        gates=tuple(GateScore(gate=v.gate, score=v.score, passed=v.passed) for v in judgement.verdicts),
    )


def _failed(result: Result, failure: GenFailure) -> FailedRequest:
    used = Tokens(failure.prompt_tokens, failure.completion_tokens)
    return FailedRequest(
        **_asked_for(result, failure.teacher, used).model_dump(),
        reason=failure.reason,
        retryable=failure.retryable,
        message=failure.message,
        finish_reason=failure.finish_reason,
        text=failure.text,
    )


def _asked_for(result: Result, teacher: str, used: Tokens) -> AskedFor:
    payload = result.prompt.item
    return AskedFor(
        prompt_id=result.prompt.prompt_id,
        sample=result.sample,
        payload_id=payload.payload_id,
        family=payload.family,
        source=payload.source,
        product=result.prompt.product,
        teacher=teacher,
        prompt_tokens=used.prompt,
        completion_tokens=used.completion,
    )
