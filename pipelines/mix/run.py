"""Runs a mixture: one Beam pipeline over all its phases, resumed where an earlier run ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console

from pipelines.engine.finished import Finished, find_finished
from pipelines.engine.job import RunError, RunOptions, run_job
from pipelines.engine.outputs.files import exists, list_files, read_bytes, remove
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.owner import refuse_other_command
from pipelines.engine.outputs.records import ForeignOutputError
from pipelines.engine.phase import Phase
from pipelines.engine.shard import make_shards
from pipelines.engine.stage import AnyStage
from pipelines.engine.version import code_version, environment
from pipelines.job.manifests import stage_manifests, write_manifests
from pipelines.mix.chain import PHASES_OF_PLAN, mix_phases
from pipelines.mix.inputs import find_token_shards, frame_ids
from pipelines.mix.setting import PACKED, Setting, Vocabulary, load_plan
from pipelines.mix.stages.report import REPORT
from pipelines.tokenize.open import open_tokenizer
from schemas.fingerprint import fingerprint
from schemas.manifest import EngineRecord, Manifest, RunFacts, Timings, merged
from schemas.mix_plan import MixPlan
from schemas.mix_report import MixReport
from schemas.recipe.mixture import Mixture

DOCUMENTS_IN_BUCKET = 1 << 20
"""About; a bucket of keys is sorted in memory, at some 50 bytes a document."""
MOST_KEY_BUCKETS = 4096


@dataclass(frozen=True)
class MixJob:
    """A mixture on its inputs, and what of it is done."""

    setting: Setting
    layout: Layout
    phases: tuple[Phase, ...]
    done: Finished

    @property
    def stages(self) -> tuple[AnyStage, ...]:
        """The stages of all phases, in order."""
        return tuple(stage for phase in self.phases for stage in phase.stages)


def plan_mix(mixture: Mixture, inputs: Sequence[str], tokenizer: str, out: str) -> MixJob:
    """Look at the inputs and the output folder; nothing is written.

    Raises:
        TokenizerError: the tokenizer cannot be opened, or has no token of that name.
        InputError: an input is no token shard, or one of another tokenizer.
        ForeignOutputError: the folder holds another run's shards.
    """
    opened = open_tokenizer(tokenizer)
    frame = frame_ids(mixture.frame, opened)
    shards = find_token_shards(inputs, opened)
    buckets = min(MOST_KEY_BUCKETS, 1 << max(0, (shards.documents // DOCUMENTS_IN_BUCKET).bit_length()))
    setting = Setting(
        mixture,
        tuple(make_shards(list(shards.files))),
        Vocabulary(opened.fingerprint, opened.vocab_size, frame),
        shards.tokens + frame.tokens * shards.documents,
        buckets,
    )
    layout, phases = Layout(out), mix_phases(setting)
    refuse_other_command(out, (stage.name for phase in phases for stage in phase.stages))
    try:
        return MixJob(setting, layout, phases, find_finished(layout, phases))
    except ForeignOutputError as error:
        raise ForeignOutputError(
            f"{out} holds a mixture of other token shards, stages or budgets: choose another --out, or remove it"
        ) from error


def run_mix(job: MixJob, options: RunOptions, console: Console) -> Manifest:
    """Run what is not done; returns the manifest of the run.

    Raises:
        RunError: the run ended early; the same call goes on from there.
        ConservationError: documents were lost, which is a bug.
    """
    started = datetime.now(UTC)
    manifest = job.layout.uri(job.layout.manifest("run"))
    if not job.done.unfinished and exists(manifest):
        console.print(f"nothing to do: {job.layout.out} holds this mixture of these token shards")
        return Manifest.model_validate_json(read_bytes(manifest))
    remove(manifest)  # it would describe a mixture of old and new files
    _remove_stale(job)
    done = {stage.name: job.done.total(stage.name) - job.done.todo(stage.name) for stage in job.stages}
    if any(done.values()):
        known = ", ".join(f"{stage} {count}/{job.done.total(stage)}" for stage, count in done.items())
        console.print(f"resuming: units already done: {known}")
    peak = run_job(job.layout, job.done, options, console) if job.done.unfinished else 0
    after = find_finished(job.layout, job.phases)
    if after.unfinished:
        raise RunError(
            f"{len(after.unfinished)} unit(s) are not done, such as {after.unfinished[0]!r}: an input changed while it "
            "was read, or an output was removed. Run the same command again"
        )
    facts = _facts(job.setting, options)
    stages = stage_manifests(job.stages, after, facts, started, datetime.now(UTC))
    whole = _whole(stages, facts, peak)
    write_manifests(job.layout, [*stages, whole])
    return whole


def count_only(job: MixJob, options: RunOptions, console: Console) -> MixPlan:
    """Run as far as the plan; a later `run_mix` goes on from there. Raises RunError."""
    phases = job.phases[:PHASES_OF_PLAN]
    done = find_finished(job.layout, phases)
    if done.unfinished:
        run_job(job.layout, done, options, console)
    return load_plan(job.layout)


def load_report(layout: Layout) -> MixReport:
    """The report of a finished run."""
    return MixReport.model_validate_json(read_bytes(layout.uri(REPORT)))


def _remove_stale(job: MixJob) -> None:
    """Remove packed files of an earlier recipe: a loader would read them with the others."""
    current = {output.path for record in job.done.of_stage("mix-pack") for output in record.outputs}
    for part in job.setting.parts:
        folder = f"{PACKED}/{part.name}"
        for name in list_files(job.layout.uri(folder), ".parquet"):
            if f"{folder}/{name}" not in current:
                remove(job.layout.uri(f"{folder}/{name}"))


def _facts(setting: Setting, options: RunOptions) -> RunFacts:
    return RunFacts(
        recipe=setting.mixture.model_dump(mode="json"),
        recipe_fingerprint=setting.mixture.fingerprint(),
        code_version=code_version(),
        environment=environment(),
        engines=(EngineRecord(name="tokenizer", version=setting.vocabulary.fingerprint),),
        seeds={"recipe": setting.mixture.seed},
        runner=options.runner,
    )


def _whole(stages: list[Manifest], facts: RunFacts, peak_memory_bytes: int) -> Manifest:
    """The whole run as one step: documents that some stage reads are kept, the others skipped."""
    spread = next(stage for stage in stages if stage.stage == "mix-spread")
    report = stages[-1]
    return Manifest(
        **dict(facts),
        stage="run",
        fingerprint=fingerprint([stage.fingerprint for stage in stages]),
        inputs=spread.inputs,
        outputs=(
            *(output for stage in stages for output in stage.outputs if output.path.startswith(f"{PACKED}/")),
            *report.outputs,
        ),
        counts=spread.counts,
        findings=merged(finding for stage in stages for finding in stage.findings),
        shards=spread.shards,
        timings=Timings(
            started_at=spread.timings.started_at,
            finished_at=report.timings.finished_at,
            shard_seconds=sum(stage.timings.shard_seconds for stage in stages),
            cpu_seconds=sum(stage.timings.cpu_seconds for stage in stages),
        ),
        peak_memory_bytes=max([peak_memory_bytes, *(stage.peak_memory_bytes for stage in stages)]),
    )
