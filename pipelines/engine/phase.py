"""A phase: stages that a unit passes without waiting; between two phases all units wait for one another."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass

import xxhash

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.shard import Unit
from pipelines.engine.stage import AnyStage, Globals
from schemas.manifest import ShardRecord

DIGEST_BITS = 128


class Summarize(ABC):
    """A small result over all shards: bytes of each shard, merged in any order, then turned into named values."""

    @abstractmethod
    def of_shard(self, shard: str, layout: Layout) -> bytes:
        """What the shard of that name gives, after the last stage of the phase before."""

    @abstractmethod
    def merge(self, parts: Iterable[bytes]) -> bytes:
        """The sum of some; associative and commutative."""

    @abstractmethod
    def finish(self, total: bytes) -> Globals:
        """The values that the stages of the next phase are given."""


@dataclass(frozen=True)
class Phase:
    """Some stages and the units that pass them."""

    stages: tuple[AnyStage, ...]
    units: tuple[Unit, ...]
    summarize: Summarize | None = None
    """Made over the phase before; its values are what these stages are given."""


def record_digest(record: ShardRecord) -> str:
    """Hex of 128 bits for what a unit has become and from what: its fingerprint covers all that was before."""
    return xxhash.xxh3_128_hexdigest(f"{record.stage}\n{record.shard}\n{record.fingerprint}".encode())


def add_digests(digests: Iterable[str]) -> str:
    """The digest of several units: in any order, since a runner gives them in any."""
    return f"{sum(int(digest, 16) for digest in digests) % (1 << DIGEST_BITS):0{DIGEST_BITS // 4}x}"
