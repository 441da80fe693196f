"""The engine's Beam transforms: thin shells around `run_unit`.

Elements are names of units and the records of what was done, never documents.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.pvalue import PCollection
from apache_beam.transforms.window import GlobalWindow
from apache_beam.utils.windowed_value import WindowedValue

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.records import save_values
from pipelines.engine.phase import Phase, Summarize, add_digests, record_digest
from pipelines.engine.run_unit import run_unit
from pipelines.engine.shard import Unit
from pipelines.engine.stage import AnyStage, Globals, SideBySide, Upstream
from pipelines.engine.threads import Threads
from pipelines.engine.watch.driver import end_with
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import ShardRecord

Work = tuple[Unit, ShardRecord | None]
"""A unit and the record of the stage it comes from."""


@dataclass(frozen=True)
class Job:
    """What every worker needs to know of the run."""

    layout: Layout
    progress_folder: str | None
    """Local folder for progress; None on remote runners."""
    driver: int | None
    """Process that workers on this machine end with; None on remote runners."""


class RunStage(beam.DoFn):
    """Runs a stage on units; heavy resources are opened once in a process, at the first unit."""

    def __init__(self, stage: AnyStage, job: Job) -> None:
        self._stage, self._job = stage, job
        self._open = False
        self._under_way = set[str]()

    def setup(self) -> None:
        """Watch the driver."""
        if self._job.driver is not None:
            end_with(self._job.driver)

    def process(self, element: Work, values: Globals, digest: str) -> Iterator[Work]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Pass the unit on with this stage's record."""
        self._open_once()
        yield self._run(element, values, digest)

    def _open_once(self) -> None:
        if not self._open:
            self._stage.open()
            self._open = True

    def _run(self, element: Work, values: Globals, digest: str) -> Work:
        unit, record = element
        self._under_way.add(unit.name)
        try:
            done = run_unit(
                self._stage,  # pyright: ignore[reportArgumentType] (phases pair stages with units of their kind)
                unit,
                self._job.layout,
                values=values,
                upstream=Upstream(record, digest),
                progress=ProgressLog(self._job.progress_folder, self._stage.name),
            )
        finally:
            self._under_way.discard(unit.name)
        return unit, done

    def teardown(self) -> None:
        """End what the stage has started.

        When the runner is gone, Beam calls this while another thread is still at work: that must not lose its files,
        whose numbers others would get. The process ends next, and all it has started with it.
        """
        if self._open and not self._under_way:
            self._stage.close()
            self._open = False


class RunSideBySide(RunStage):
    """Runs a stage on several units of a bundle at once: while one waits for its last answers, the next has begun."""

    def __init__(self, stage: AnyStage, job: Job, units_at_once: int) -> None:
        super().__init__(stage, job)
        self._units_at_once = units_at_once

    def start_bundle(self) -> None:
        """Nothing has begun."""
        self._threads = Threads(self._units_at_once)
        self._begun: list[Future[Work]] = []

    def process(self, element: Work, values: Globals, digest: str) -> Iterator[Work]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Begin with the unit; it is passed on at the end of the bundle. Raises what has ended another one."""
        for done in self._begun:
            if done.done():
                done.result()
        self._open_once()
        self._begun.append(self._threads.submit(self._run, element, values, digest))
        yield from ()

    def finish_bundle(self) -> Iterator[WindowedValue]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Pass on all units; the first that fails ends the others, as `Stage.process` sees to."""
        for done in as_completed(self._begun):
            yield WindowedValue(done.result(), GlobalWindow().max_timestamp(), (GlobalWindow(),))


class Units(beam.PTransform):
    """The units to work on, spread over the workers: the largest first, so that no worker ends long after the rest."""

    def __init__(self, units: Sequence[Unit]) -> None:
        super().__init__()
        self._units = units

    def expand(self, pipeline: beam.Pipeline) -> PCollection:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The units as a collection, one element each."""
        ordered = sorted(self._units, key=lambda unit: (-unit.size, unit.name))
        return (
            pipeline
            | "names" >> beam.Create([(unit.name, (unit, None)) for unit in ordered], reshuffle=False)
            | "spread" >> beam.GroupByKey()
            | "unit" >> beam.FlatMap(_values)
        )


def _values(group: tuple[str, Iterable[Work]]) -> Iterable[Work]:
    return group[1]


def run_phases(pipeline: beam.Pipeline, phases: Sequence[Phase], job: Job) -> None:
    """Chain the phases: a unit passes the stages of a phase on one worker; between phases all units are waited for."""
    work: pvalue.PValue | None = None
    units: tuple[Unit, ...] = ()
    for number, phase in enumerate(phases):
        values: Globals | pvalue.AsSingleton = {}
        digest: str | pvalue.AsSingleton = ""
        if work is not None:
            digest = _digest(work, number)
            if phase.summarize is not None:
                values = _summary(work, number, phase.summarize, job.layout)
        if work is not None and phase.units == units:
            work = work | f"after phase {number}" >> beam.Reshuffle()
        else:
            work = pipeline | f"units of phase {number + 1}" >> Units(phase.units)
        units = phase.units
        for stage in phase.stages:
            work = work | stage.name >> beam.ParDo(_runner_of(stage, job), values, digest)
            digest = ""  # within a phase the record says it all


def _runner_of(stage: AnyStage, job: Job) -> RunStage:
    return RunSideBySide(stage, job, stage.units_at_once) if isinstance(stage, SideBySide) else RunStage(stage, job)


def _digest(work: pvalue.PValue, number: int) -> pvalue.AsSingleton:
    return pvalue.AsSingleton(
        work  # pyright: ignore[reportArgumentType]
        | f"digest of a unit {number}" >> beam.Map(_digest_of)
        | f"of all units {number}" >> beam.GroupByKey()  # a combiner is ten transforms: slow to set up and to run
        | f"over all units {number}" >> beam.Map(_add_up)
    )


def _digest_of(work: Work) -> tuple[None, str]:
    if work[1] is None:
        raise ValueError(f"{work[0].name} has passed no stage")
    return None, record_digest(work[1])


def _add_up(digests: tuple[None, Iterable[str]]) -> str:
    return add_digests(digests[1])


def _summary(work: pvalue.PValue, number: int, summarize: Summarize, layout: Layout) -> pvalue.AsSingleton:
    return pvalue.AsSingleton(
        work  # pyright: ignore[reportArgumentType]
        | f"measure of a shard {number}" >> beam.Map(_of_shard, summarize, layout)
        | f"over all shards {number}" >> beam.CombineGlobally(summarize.merge).without_defaults()
        | f"values {number}" >> beam.Map(_finish, summarize, layout)
    )


def _of_shard(work: Work, summarize: Summarize, layout: Layout) -> bytes:
    return summarize.of_shard(work[0].name, layout)


def _finish(total: bytes, summarize: Summarize, layout: Layout) -> Mapping[str, float]:
    values = summarize.finish(total)
    save_values(layout, values)
    return values
