"""Runs a generation: resumed where an earlier run ended; nothing that was answered is asked again."""

from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from datagen.run.again import open_again
from datagen.run.outputs import FAILURES, REJECTED, STAGE
from datagen.run.plan import GenerationPlan
from datagen.run.report import REPORT, make_report
from datagen.run.session import make_teacher
from datagen.teachers.vllm.server import VllmServer
from pipelines.engine.finished import find_finished
from pipelines.engine.job import RunError, RunOptions, run_job
from pipelines.engine.outputs.files import exists, read_bytes, remove, write_bytes
from pipelines.engine.outputs.layout import DEAD_LETTERS, KEPT, Layout
from pipelines.engine.version import code_version, environment
from schemas.generation.report import GenerationReport
from schemas.generation.teacher import Teacher, VllmTeacher
from schemas.manifest import EngineRecord, Manifest, RunFacts

FINAL = (KEPT, REJECTED, FAILURES, DEAD_LETTERS)


def run_generation(plan: GenerationPlan, console: Console) -> GenerationReport:
    """Do what a plan says, and give the account of it.

    Raises:
        RunError: the run ended early; the same command goes on from there.
        TeacherError: the vLLM server does not start.
    """
    started, plan = datetime.now(UTC), open_again(plan)
    report, manifest = plan.layout.uri(REPORT), plan.layout.uri(plan.layout.manifest("run"))
    if not plan.done.unfinished and exists(manifest) and exists(report):
        console.print(f"nothing to do: all {len(plan.shards)} shard(s) in {plan.layout.out} are done")
        return GenerationReport.model_validate_json(read_bytes(report))
    remove(manifest)
    peak = 0
    if plan.done.unfinished:
        with ExitStack() as stack:
            url = serve(plan.recipe.teacher, Path(plan.stage.journal), stack, console)
            running = plan.with_server(url) if url else plan
            peak = run_job(plan.layout, running.done, RunOptions(workers=1), console)
    done = find_finished(plan.layout, plan.done.phases)
    if done.unfinished:
        raise RunError(f"{len(done.unfinished)} shard(s) are not done, such as {done.unfinished[0]!r}. Run it again")
    records = done.of_stage(STAGE)
    facts = _facts(plan)
    whole = Manifest.of_shards(
        STAGE, plan.stage.fingerprint, records, facts=facts, started_at=started, finished_at=datetime.now(UTC)
    )
    found = make_report(plan, facts.engines[0].name, whole.counts.skipped)
    write_bytes(report, found.model_dump_json(indent=1).encode() + b"\n")
    outputs = tuple(output for output in whole.outputs if output.kind in FINAL)
    whole = whole.model_copy(
        update={"stage": "run", "outputs": outputs, "peak_memory_bytes": max(peak, whole.peak_memory_bytes)}
    )
    write_bytes(manifest, whole.model_dump_json(indent=1).encode() + b"\n")
    return found


def serve(teacher: Teacher, journal: Path, stack: ExitStack, console: Console) -> str | None:
    """Where the server listens that the teacher needs and that runs as long as ``stack``; None: it needs none."""
    if not isinstance(teacher, VllmTeacher):
        return None
    log = journal.with_name("vllm.log")
    console.print(f"starting vLLM with {teacher.model} (its log: {log})", soft_wrap=True)
    return stack.enter_context(VllmServer(teacher, log)).url


def _facts(plan: GenerationPlan) -> RunFacts:
    recipe = plan.recipe
    name, _, revision = make_teacher(recipe.teacher, recipe.flow).name.partition("@")
    return RunFacts(
        recipe=recipe.model_dump(mode="json"),
        recipe_fingerprint=recipe.fingerprint(),
        code_version=code_version(),
        environment=environment(),
        engines=(EngineRecord(name=name, version=revision),),
        seeds={"recipe": recipe.seed, "sampling": recipe.sampling.seed},
    )


def output_folder(layout: Layout, kind: str) -> str:
    """Where the user finds a kind of output."""
    return f"{layout.uri(kind)}/*.parquet"
