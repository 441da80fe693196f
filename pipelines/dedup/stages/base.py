"""What the stages of deduplication have in common: nothing to load, and everything before them to read."""

from dataclasses import dataclass

from pipelines.dedup.setting import Setting
from pipelines.engine.shard import Unit
from pipelines.engine.stage import Source, Upstream


@dataclass
class DedupStage:
    """A stage after a barrier: what it reads may come from any unit of the phase before."""

    setting: Setting
    fingerprint: str
    name: str
    takes_values: bool = False

    def source(self, unit: Unit, upstream: Upstream) -> Source:
        """All that the phase before has written, and what the same unit has written in this phase."""
        own = upstream.record.fingerprint if upstream.record else ""
        return Source(unit.name, 0, f"{upstream.digest} {own}")

    def open(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing runs beside."""
