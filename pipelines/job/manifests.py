"""The account of a run: a manifest a stage, and one of the whole."""

from datetime import datetime

from pipelines.engine.finished import Finished
from pipelines.engine.outputs.files import write_bytes
from pipelines.engine.outputs.layout import DATA, FINAL, FINAL_FILES, KEPT, TOKENS, Layout
from pipelines.engine.stage import AnyStage
from pipelines.engine.version import code_version, environment
from pipelines.extract.engines.registry import engine_version
from schemas.fingerprint import fingerprint
from schemas.manifest import Counts, EngineRecord, Manifest, RunFacts, Timings, merged
from schemas.recipe.model import Recipe


def recipe_facts(recipe: Recipe) -> RunFacts:
    """What all manifests of a recipe's run say."""
    return RunFacts(
        recipe=recipe.model_dump(mode="json"),
        recipe_fingerprint=recipe.fingerprint(),
        code_version=code_version(),
        environment=environment(),
        engines=(EngineRecord(name=recipe.extract.engine, version=engine_version(recipe.extract)),),
        seeds={"recipe": recipe.seed},
    )


def stage_manifests(
    stages: tuple[AnyStage, ...], done: Finished, facts: RunFacts, started: datetime, finished: datetime
) -> list[Manifest]:
    """One for each stage, summed from its shards. Raises ConservationError if the sums do not add up."""
    return [
        Manifest.of_shards(
            stage.name,
            stage.fingerprint,
            done.of_stage(stage.name),
            facts=facts,
            started_at=started,
            finished_at=finished,
        )
        for stage in stages
    ]


def run_manifest(stages: list[Manifest], facts: RunFacts, peak_memory_bytes: int) -> Manifest:
    """The whole run as one step from the inputs to kept, dropped and dead letters.

    Raises ConservationError if anything was lost on the way.
    """
    first = stages[0]
    main = (KEPT, TOKENS, DATA)
    last = next((stage for stage in reversed(stages) if any(output.kind in main for output in stage.outputs)), first)
    return Manifest(
        **dict(facts),
        stage="run",
        fingerprint=fingerprint([stage.fingerprint for stage in stages]),
        inputs=first.inputs,
        outputs=tuple(
            output for stage in stages for output in stage.outputs if output.kind in FINAL or output.path in FINAL_FILES
        ),
        counts=Counts(
            input=first.counts.input,
            kept=last.counts.kept,
            dropped=sum((stage.counts for stage in stages), Counts()).dropped,
            dead_letters=first.counts.dead_letters,
            skipped=first.counts.skipped,
        ),
        findings=merged(finding for stage in stages for finding in stage.findings),
        shards=first.shards,
        timings=Timings(
            started_at=first.timings.started_at,
            finished_at=first.timings.finished_at,
            shard_seconds=sum(stage.timings.shard_seconds for stage in stages),
            cpu_seconds=sum(stage.timings.cpu_seconds for stage in stages),
        ),
        peak_memory_bytes=max([peak_memory_bytes, *(stage.peak_memory_bytes for stage in stages)]),
    )


def write_manifests(layout: Layout, manifests: list[Manifest]) -> None:
    """Write each to its place."""
    for manifest in manifests:
        write_bytes(layout.uri(layout.manifest(manifest.stage)), manifest.model_dump_json(indent=1).encode() + b"\n")
