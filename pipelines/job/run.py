"""Runs a job: one Beam pipeline over all its phases, resumed where an earlier run ended."""

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.console import Console

from pipelines.engine.finished import find_finished
from pipelines.engine.job import RunError, RunOptions, run_job
from pipelines.engine.outputs.files import exists, read_bytes, remove
from pipelines.job.manifests import run_manifest, stage_manifests, write_manifests
from pipelines.job.plan import Plan, plan_run
from schemas.manifest import Manifest
from schemas.recipe.model import Recipe


def run_recipe(recipe: Recipe, inputs: Sequence[str], out: str, options: RunOptions, console: Console) -> Manifest:
    """Run a recipe on the inputs and return the manifest of the run; what is done already is not done again.

    Raises:
        InputError, ForeignOutputError: before any work.
        RunError: the run ended early; the same call goes on from there.
        ConservationError: documents were lost, which is a bug.
    """
    started = datetime.now(UTC)
    return run_plan(plan_run(recipe, inputs, out), options, console, started)


def run_plan(plan: Plan, options: RunOptions, console: Console, started: datetime) -> Manifest:
    """Run what a plan says; raises as `run_recipe`."""
    manifest = plan.layout.uri(plan.layout.manifest("run"))
    if not plan.done.unfinished and exists(manifest):
        console.print(
            f"nothing to do: all {len(plan.shards)} shard(s) in {plan.layout.out} are done, by this recipe and code"
        )
        return Manifest.model_validate_json(read_bytes(manifest))
    remove(manifest)  # it would describe a mixture of old and new shards
    peak = 0
    _say_resume(plan, console)
    if plan.done.unfinished:
        peak = run_job(plan.layout, plan.done, options, console)
    return _finish(plan, options, started, peak)


def _say_resume(plan: Plan, console: Console) -> None:
    totals = {stage.name: plan.done.total(stage.name) for stage in plan.stages}
    done = {name: total - plan.done.todo(name) for name, total in totals.items()}
    if any(done.values()):
        known = ", ".join(f"{stage} {count}/{totals[stage]}" for stage, count in done.items())
        console.print(f"resuming: shards already done: {known}")


def _finish(plan: Plan, options: RunOptions, started: datetime, peak: int) -> Manifest:
    done = find_finished(plan.layout, plan.phases)
    if done.unfinished:
        raise RunError(
            f"{len(done.unfinished)} shard(s) are not done, such as {done.unfinished[0]!r}: an input changed while it "
            "was read, or an output was removed. Run the same command again"
        )
    facts = plan.facts.model_copy(update={"runner": options.runner})
    stages = stage_manifests(plan.stages, done, facts, started, datetime.now(UTC))
    whole = run_manifest(stages, facts, peak)
    write_manifests(plan.layout, [*stages, whole])
    return whole
