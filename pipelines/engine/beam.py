"""The engine's Beam transforms: thin shells around `run_shard`.

Elements are names of shards and the records of what was done, never documents.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import apache_beam as beam
from apache_beam import pvalue
from apache_beam.pvalue import PCollection

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.records import save_values
from pipelines.engine.run_shard import run_shard
from pipelines.engine.shard import Shard
from pipelines.engine.stage import Globals, Stage
from pipelines.engine.watch.driver import end_with
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import ShardRecord

Work = tuple[Shard, ShardRecord | None]
"""A shard and the record of the stage it comes from."""


@dataclass(frozen=True)
class Job:
    """What every worker needs to know of the run."""

    layout: Layout
    progress_folder: str | None
    """Local folder for progress; None on remote runners."""
    driver: int | None
    """Process that workers on this machine end with; None on remote runners."""


class RunStage(beam.DoFn):
    """Runs a stage on shards; heavy resources are opened once in a process, at the first shard."""

    def __init__(self, stage: Stage, job: Job) -> None:
        self._stage, self._job = stage, job
        self._open = False

    def setup(self) -> None:
        """Watch the driver."""
        if self._job.driver is not None:
            end_with(self._job.driver)

    def process(self, element: Work, values: Globals) -> Iterator[Work]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Pass the shard on with this stage's record."""
        shard, upstream = element
        if not self._open:
            self._stage.open()
            self._open = True
        progress = ProgressLog(self._job.progress_folder, self._stage.name)
        yield (
            shard,
            run_shard(self._stage, shard, self._job.layout, values=values, upstream=upstream, progress=progress),
        )

    def teardown(self) -> None:
        """End what the stage has started."""
        if self._open:
            self._stage.close()
            self._open = False


class Shards(beam.PTransform):
    """The shards to work on, spread over the workers: the largest first, so that no worker ends long after the rest."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        super().__init__()
        self._shards = shards

    def expand(self, pipeline: beam.Pipeline) -> PCollection:  # pyright: ignore[reportIncompatibleMethodOverride]
        """The shards as a collection, one element each."""
        ordered = sorted(self._shards, key=lambda shard: (-shard.input.size, shard.name))
        return (
            pipeline
            | "names" >> beam.Create([(shard.name, (shard, None)) for shard in ordered], reshuffle=False)
            | "spread" >> beam.GroupByKey()
            | "shard" >> beam.FlatMap(_values)
        )


class Summarize(ABC):
    """A small result over all shards: bytes of each shard, merged in any order, then turned into named values."""

    @abstractmethod
    def of_shard(self, shard: Shard, layout: Layout) -> bytes:
        """What one shard gives, after the stage before the last."""

    @abstractmethod
    def merge(self, parts: Iterable[bytes]) -> bytes:
        """The sum of some; associative and commutative."""

    @abstractmethod
    def finish(self, total: bytes) -> Globals:
        """The values that the last stage is given."""


def _values(group: tuple[str, Iterable[Work]]) -> Iterable[Work]:
    return group[1]


def run_stages(
    pipeline: beam.Pipeline, shards: Sequence[Shard], stages: Sequence[Stage], job: Job, summarize: Summarize | None
) -> None:
    """Chain the stages; where ``summarize`` is given, all shards pass the stages before the last, then it runs once.

    Without it a shard passes all stages on one worker without a barrier.
    """
    work = pipeline | Shards(shards)
    for stage in stages[:-1]:
        work = work | stage.name >> beam.ParDo(RunStage(stage, job), {})
    values: Globals | pvalue.AsSingleton = {}
    if summarize is not None:
        values = pvalue.AsSingleton(
            work  # pyright: ignore[reportArgumentType]
            | "measure of a shard" >> beam.Map(_of_shard, summarize, job.layout)
            | "over all shards" >> beam.CombineGlobally(summarize.merge).without_defaults()
            | "values" >> beam.Map(_finish, summarize, job.layout)
        )
        work = work | "after all" >> beam.Reshuffle()
    _ = work | stages[-1].name >> beam.ParDo(RunStage(stages[-1], job), values)


def _of_shard(work: Work, summarize: Summarize, layout: Layout) -> bytes:
    return summarize.of_shard(work[0], layout)


def _finish(total: bytes, summarize: Summarize, layout: Layout) -> Globals:
    values = summarize.finish(total)
    save_values(layout, values)
    return values
