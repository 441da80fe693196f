"""Runs the web pipeline: one Beam pipeline over all shards, resumed where an earlier run ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from pipelines.engine.job import Finished, RunError, RunOptions, find_finished, run_job
from pipelines.engine.outputs.files import exists, read_bytes, remove
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard, make_shards
from pipelines.engine.stage import Stage
from pipelines.read.files import find_inputs
from pipelines.read.read import check_inputs
from pipelines.web.chain import web_stages
from pipelines.web.manifests import run_facts, run_manifest, stage_manifests, write_manifests
from pipelines.web.stages.thresholds import PercentileThresholds, percentile_rules
from schemas.manifest import Manifest
from schemas.recipe.model import Recipe


@dataclass(frozen=True)
class WebJob:
    """What a run would do: its shards, stages, and what of them is done."""

    recipe: Recipe
    layout: Layout
    shards: tuple[Shard, ...]
    stages: tuple[Stage, ...]
    done: Finished


def plan_web(recipe: Recipe, inputs: Sequence[str], out: str) -> WebJob:
    """Look at the inputs and the output folder; nothing is written.

    Raises:
        InputError: an input that cannot be used.
        ForeignOutputError: the folder holds another run's shards.
    """
    layout, stages = Layout(out), web_stages(recipe)
    files = find_inputs(inputs)
    check_inputs(files, recipe.read)
    shards = make_shards(files)
    return WebJob(recipe, layout, tuple(shards), stages, find_finished(layout, stages, shards))


def run_web(recipe: Recipe, inputs: Sequence[str], out: str, options: RunOptions, console: Console) -> Manifest:
    """Run a recipe on the inputs and return the manifest of the run; what is done already is not done again.

    Raises:
        InputError, ForeignOutputError: before any work.
        RunError: the run ended early; the same call goes on from there.
        ConservationError: documents were lost, which is a bug.
    """
    started = datetime.now(UTC)
    job = plan_web(recipe, inputs, out)
    manifest = job.layout.uri(job.layout.manifest("run"))
    if not job.done.unfinished and exists(manifest):
        console.print(f"nothing to do: all {len(job.shards)} shard(s) in {out} are done, by this recipe and code")
        return Manifest.model_validate_json(read_bytes(manifest))
    remove(manifest)  # it would describe a mixture of old and new shards
    peak = 0
    _say_resume(job, console)
    if job.done.unfinished:
        summarize = PercentileThresholds(recipe) if percentile_rules(recipe) else None
        peak = run_job(
            job.layout, job.stages, job.shards, job.done, summarize=summarize, options=options, console=console
        )
    return _finish(job, options, started, peak)


def _say_resume(job: WebJob, console: Console) -> None:
    done = {stage.name: len(job.shards) - job.done.todo(stage.name) for stage in job.stages}
    if any(done.values()):
        known = ", ".join(f"{stage} {count}/{len(job.shards)}" for stage, count in done.items())
        console.print(f"resuming: shards already done: {known}")


def _finish(job: WebJob, options: RunOptions, started: datetime, peak: int) -> Manifest:
    done = find_finished(job.layout, job.stages, job.shards)
    if done.unfinished:
        raise RunError(
            f"{len(done.unfinished)} shard(s) are not done, such as {done.unfinished[0]!r}: an input changed while it "
            "was read, or an output was removed. Run the same command again"
        )
    facts = run_facts(job.recipe, options.runner)
    stages = stage_manifests(job.stages, done, facts, started, datetime.now(UTC))
    whole = run_manifest(stages, facts, peak)
    write_manifests(job.layout, [*stages, whole])
    return whole
