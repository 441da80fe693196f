"""A stage in a folder of its own: a job may then have the same chain of stages twice."""

from dataclasses import dataclass

from pipelines.engine.outputs.layout import Layout
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Unit
from pipelines.engine.stage import AnyStage, Globals, Result, Source, Upstream
from pipelines.engine.watch.progress import ProgressLog
from schemas.manifest import OutputFile, ShardRecord


@dataclass
class InFolder:
    """Runs a stage as if ``folder``, inside the run's, were all there is. Its name begins with the folder's last name.

    What the stage before has written into that folder is known to it by its name there.
    """

    stage: AnyStage
    folder: str

    def __post_init__(self) -> None:
        self.name = f"{self.folder.rpartition('/')[2]}-{self.stage.name}"
        self.takes_values, self.fingerprint = self.stage.takes_values, self.stage.fingerprint

    def source(self, unit: Unit, upstream: Upstream) -> Source:
        """What the stage reads."""
        record = None if upstream.record is None else self._inside(upstream.record)
        return self.stage.source(unit, Upstream(record, upstream.digest))  # pyright: ignore[reportArgumentType]

    def open(self) -> None:
        """Open the stage."""
        self.stage.open()

    def process(self, unit: Unit, layout: Layout, values: Globals, progress: ProgressLog) -> Result:
        """Do its work, and name its outputs as the run does."""
        inside = Layout(layout.uri(self.folder))
        result = self.stage.process(unit, inside, values, progress)  # pyright: ignore[reportArgumentType]
        outputs = tuple(_renamed(output, f"{self.folder}/{output.path}") for output in result.outputs)
        return Result(result.input, outputs, result.counts, result.findings)

    def close(self) -> None:
        """Close the stage."""
        self.stage.close()

    def _inside(self, record: ShardRecord) -> ShardRecord:
        outputs = (_renamed(output, output.path.removeprefix(f"{self.folder}/")) for output in record.outputs)
        return record.model_copy(update={"outputs": tuple(outputs)})


def in_folder(phases: tuple[Phase, ...], folder: str) -> tuple[Phase, ...]:
    """The phases with all their stages in a folder."""
    return tuple(Phase(tuple(InFolder(stage, folder) for stage in phase.stages), phase.units) for phase in phases)


def _renamed(output: OutputFile, path: str) -> OutputFile:
    return output.model_copy(update={"path": path})
