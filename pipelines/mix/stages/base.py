"""What the stages of a mixture have in common: nothing to load, and everything before them to read."""

from dataclasses import dataclass

from pipelines.engine.shard import Unit
from pipelines.engine.stage import Source, Upstream
from pipelines.mix.setting import Setting


@dataclass
class MixStep:
    """A step after a barrier: what it reads may come from any unit of the phase before."""

    setting: Setting
    fingerprint: str
    name: str = ""
    takes_values: bool = False

    def source(self, unit: Unit, upstream: Upstream) -> Source:
        """All that the phase before has written."""
        return Source(unit.name, 0, upstream.digest)

    def open(self) -> None:
        """Nothing to load."""

    def close(self) -> None:
        """Nothing runs beside."""
