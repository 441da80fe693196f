"""The manifest of a generation: the whole run as one step from payloads to kept samples."""

from datetime import datetime

from datagen.run.plan import GenerationPlan
from datagen.run.session import make_teacher
from datagen.run.stages.documents import PAYLOADS
from datagen.run.stages.keep import STAGE as KEEP
from datagen.run.stages.outputs import FAILURES, REJECTED
from datagen.run.stages.outputs import STAGE as GENERATE
from datagen.run.stages.payloads import STAGE as READ
from pipelines.dedup.verdicts import STAGE as DEDUPLICATE
from pipelines.engine.outputs.layout import DEAD_LETTERS, KEPT
from pipelines.engine.version import code_version, environment
from schemas.manifest import Counts, EngineRecord, Manifest, RunFacts, Timings, merged

FINAL = (KEPT, REJECTED, FAILURES, DEAD_LETTERS)
COMPARED = f"{PAYLOADS.rpartition('/')[2]}-{DEDUPLICATE}"
"""The stage that drops payloads that repeat others, if there is one."""
REPEATS = "repeats another payload"


def run_facts(plan: GenerationPlan, runner: str) -> RunFacts:
    """What a manifest says of recipe and versions."""
    recipe = plan.recipe
    name, _, revision = make_teacher(recipe.teacher, recipe.flow).name.partition("@")
    return RunFacts(
        recipe=recipe.model_dump(mode="json"),
        recipe_fingerprint=recipe.fingerprint(),
        code_version=code_version(),
        environment=environment(),
        engines=(EngineRecord(name=name, version=revision),),
        seeds={"recipe": recipe.seed, "sampling": recipe.sampling.seed},
        runner=runner,
    )


def run_manifest(
    plan: GenerationPlan, facts: RunFacts, started: datetime, finished: datetime, peak_memory_bytes: int
) -> Manifest:
    """Summed from the records of all stages.

    A record of the input counts where nothing was asked about it, and else as many times as it was asked about.
    Raises ConservationError if anything was lost on the way.
    """
    records = [record for stage in plan.done.records for record in plan.done.of_stage(stage)]
    counts = {stage: sum((r.counts for r in plan.done.of_stage(stage)), Counts()) for stage in plan.done.records}
    read, asked, kept = counts[READ], counts[GENERATE], counts[KEEP]
    repeats = sum(counts[COMPARED].dropped.values()) if COMPARED in counts else 0
    left_out = Counts(
        input=sum(read.skipped.values()) + sum(read.dead_letters.values()) + repeats,
        dead_letters=read.dead_letters,
        skipped={**read.skipped, REPEATS: repeats} if repeats else read.skipped,
    )
    judged = Counts(input=asked.input, kept=kept.kept, dropped=(asked + kept).dropped, skipped=asked.skipped)
    return Manifest(
        **dict(facts),
        stage="run",
        fingerprint=plan.fingerprint,
        inputs=tuple(record.input for record in plan.done.of_stage(READ)),
        outputs=tuple(output for record in records for output in record.outputs if output.kind in FINAL),
        counts=left_out + judged,
        findings=merged(finding for record in records for finding in record.findings),
        shards=len(plan.shards),
        timings=Timings(
            started_at=started,
            finished_at=finished,
            shard_seconds=sum(record.seconds for record in records),
            cpu_seconds=sum(record.cpu_seconds for record in records),
        ),
        peak_memory_bytes=max([peak_memory_bytes, *(record.peak_memory_bytes for record in records)]),
    )
