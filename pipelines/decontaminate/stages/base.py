"""What the stages of decontamination have in common: the index, and everything before them to read."""

from dataclasses import dataclass

from pipelines.decontaminate.setting import Setting
from pipelines.engine.shard import Unit
from pipelines.engine.stage import Source, Upstream


@dataclass
class DecontaminateStage:
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
        """Map the index, and see that it is still the one that the run began with."""
        self.setting.load_index()

    def close(self) -> None:
        """Nothing runs beside."""
