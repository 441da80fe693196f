"""A stage: what one step does with one unit of work, a shard or a bucket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, TypeVar, runtime_checkable

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Bucket, Shard
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, Finding, InputFile, OutputFile, ShardRecord

UnitT_contra = TypeVar("UnitT_contra", Shard, Bucket, contravariant=True)

Globals = Mapping[str, float]
"""Small results over all shards that a later stage needs, such as thresholds by percentile."""


@dataclass(frozen=True)
class Upstream:
    """What came before a unit of a stage."""

    record: ShardRecord | None = None
    """Of the same unit in the stage before; None for the first stage that works on such units."""
    digest: str = ""
    """Of all that the phase before has written, in all its units; empty in the first phase."""


@dataclass(frozen=True)
class Source:
    """What a unit of a stage reads, known before it runs: its identity decides whether the work is done."""

    path: str
    bytes: int
    identity: str
    """Changes when the content may have changed: a digest, or size and time of change."""


@dataclass(frozen=True)
class Result:
    """What came of a unit."""

    input: InputFile
    outputs: tuple[OutputFile, ...]
    counts: Counts
    findings: tuple[Finding, ...] = ()
    """What a reader of the manifest should know beside the counts."""


class Stage(Protocol[UnitT_contra]):
    """One step on units of one kind. It is pickled to the workers, so it holds settings only until ``open``."""

    name: str
    takes_values: bool
    """Whether the output depends on global results."""
    fingerprint: str
    """Of everything but the unit that decides its output: recipe part, code, libraries."""

    def source(self, unit: UnitT_contra, upstream: Upstream) -> Source:
        """What the unit reads."""
        ...

    def open(self) -> None:
        """Load models, start helpers; called once in a worker process before its first unit."""
        ...

    def process(self, unit: UnitT_contra, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Do the work and write the outputs."""
        ...

    def close(self) -> None:
        """End helpers."""
        ...


@runtime_checkable
class SideBySide(Protocol):
    """What a stage has, besides, that mostly waits: `Stage.process` is called for several units at once, in threads."""

    units_at_once: int
    """For how many, at most, in one process."""


AnyStage = Stage[Shard] | Stage[Bucket]
