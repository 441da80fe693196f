"""A stage: what one step does with one shard."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Shard
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import Counts, InputFile, OutputFile, ShardRecord

Globals = Mapping[str, float]
"""Small results over all shards that a later stage needs, such as thresholds by percentile."""


@dataclass(frozen=True)
class Source:
    """What a shard of a stage reads, known before it runs: its identity decides whether the work is done."""

    path: str
    bytes: int
    identity: str
    """Changes when the content may have changed: a digest, or size and time of change."""


@dataclass(frozen=True)
class Result:
    """What came of a shard."""

    input: InputFile
    outputs: tuple[OutputFile, ...]
    counts: Counts


class Stage(Protocol):
    """One step from shards to shards. It is pickled to the workers, so it holds settings only until ``open``."""

    name: str
    takes_values: bool
    """Whether the output depends on global results."""
    fingerprint: str
    """Of everything but the shard that decides its output: recipe part, code, libraries."""

    def source(self, shard: Shard, upstream: ShardRecord | None) -> Source:
        """What the shard reads; ``upstream`` is the record of the stage before, None for the first."""
        ...

    def open(self) -> None:
        """Load models, start helpers; called once in a worker process before its first shard."""
        ...

    def process(self, shard: Shard, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Do the work and write the outputs."""
        ...

    def close(self) -> None:
        """End helpers."""
        ...
