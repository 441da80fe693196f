"""Runs a generation: resumed where an earlier run ended; nothing that was answered is asked again."""

from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from datagen.flow.budget import Tokens
from datagen.journal.lock import RunLock
from datagen.run.again import open_again
from datagen.run.manifest import run_facts, run_manifest
from datagen.run.plan import GenerationPlan
from datagen.run.report import REPORT, make_report, read_spending
from datagen.teachers.vllm.server import VllmServer
from filters.errors import SettingError
from pipelines.engine.job import RunError, RunOptions, run_job
from pipelines.engine.outputs.files import exists, is_local, read_bytes, remove, write_bytes
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.runners import LOCAL
from schemas.generation.report import GenerationReport
from schemas.generation.teacher import Teacher, VllmTeacher


def run_generation(plan: GenerationPlan, options: RunOptions, console: Console) -> GenerationReport:
    """Do what a plan says, and give the account of it.

    Raises:
        RunError: the run ended early; the same command goes on from there.
        TeacherError: the vLLM server does not start.
        JournalError: another run is using the folder.
        SettingError: a local runner cannot write to an object store.
    """
    started = datetime.now(UTC)
    with ExitStack() as stack:
        if is_local(plan.journal):
            stack.enter_context(RunLock(Path(plan.journal), plan.recipe.flow.timeout_seconds, console.print))
        plan = open_again(plan.again())
        report, manifest = plan.layout.uri(REPORT), plan.layout.uri(plan.layout.manifest("run"))
        if not plan.done.unfinished and exists(manifest) and exists(report):
            console.print(f"nothing to do: all {len(plan.shards)} shard(s) in {plan.layout.out} are done")
            return GenerationReport.model_validate_json(read_bytes(report))
        remove(manifest)
        peak = _work(plan, options, console, stack) if plan.done.unfinished else 0
    plan = plan.again()
    if plan.done.unfinished:
        raise RunError(
            f"{len(plan.done.unfinished)} shard(s) are not done, such as {plan.done.unfinished[0]!r}. Run it again"
        )
    facts = run_facts(plan, options.runner)
    whole = run_manifest(plan, facts, started, datetime.now(UTC), peak)
    found = make_report(plan, facts.engines[0].name, whole.counts)
    write_bytes(report, found.model_dump_json(indent=1).encode() + b"\n")
    write_bytes(manifest, whole.model_dump_json(indent=1).encode() + b"\n")
    return found


def _work(plan: GenerationPlan, options: RunOptions, console: Console, stack: ExitStack) -> int:
    """Ask and judge; returns the peak memory in bytes."""
    bounds = plan.bounds
    if options.workers > 1 and (bounds.max_tokens is not None or bounds.max_cost is not None):
        spent = read_spending(plan)
        tokens = Tokens(spent.prompt_tokens, spent.completion_tokens)
        plan = plan.with_asking(bounds=replace(bounds, workers=options.workers, spent=tokens))
    if options.runner == LOCAL:
        plan = plan.with_asking(server_url=serve(plan.recipe.teacher, log_beside(plan.journal), stack, console))
    return run_job(plan.layout, plan.done, options, console)


def log_beside(journal: str) -> Path:
    """Where a server of this machine logs. Raises SettingError: the run's folder is not on this machine."""
    if not is_local(journal):
        raise SettingError(f"{journal}: the vLLM server logs there: choose an --out on this machine, or another runner")
    return Path(journal).with_name("vllm.log")


def serve(teacher: Teacher, log: Path, stack: ExitStack, console: Console | None) -> str | None:
    """Where the server listens that the teacher needs and that runs as long as ``stack``; None: it needs none."""
    if not isinstance(teacher, VllmTeacher):
        return None
    if console is not None:
        console.print(f"starting vLLM with {teacher.model} (its log: {log})", soft_wrap=True)
    return stack.enter_context(VllmServer(teacher, log)).url


def output_folder(layout: Layout, kind: str) -> str:
    """Where the user finds a kind of output."""
    return f"{layout.uri(kind)}/*.parquet"
