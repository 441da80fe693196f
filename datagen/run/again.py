"""Shards that are done but for requests that failed for a reason that may be over: they are opened again."""

from datagen.run.plan import GenerationPlan
from datagen.run.stages.outputs import STAGE
from pipelines.engine.outputs.files import remove
from schemas.generation.response import RETRYABLE

MAY_BE_OVER = frozenset(
    f"failed.{reason}" for reason, retryable in RETRYABLE.items() if retryable and reason != "budget"
)
"""As counts call them. A budget that is spent stays so; a raised one is another run anyway."""


def open_again(plan: GenerationPlan) -> GenerationPlan:
    """The plan without the records of such shards: what was answered is in the journal, so only the rest is asked."""
    failed = [record for record in plan.done.of_stage(STAGE) if MAY_BE_OVER & record.counts.dropped.keys()]
    if not failed:
        return plan
    for record in failed:
        remove(plan.layout.uri(plan.layout.record(record.stage, record.shard)))
    return plan.again()
