"""What a recipe would do with some inputs: its shards, its phases, and what of them is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.engine.finished import Finished, find_finished
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Shard, make_shards
from pipelines.engine.stage import AnyStage
from pipelines.read.files import find_inputs
from pipelines.read.read import check_inputs
from pipelines.web.chain import web_phases
from schemas.recipe.model import Recipe


@dataclass(frozen=True)
class Plan:
    """What a run would do."""

    recipe: Recipe
    layout: Layout
    shards: tuple[Shard, ...]
    phases: tuple[Phase, ...]
    done: Finished

    @property
    def stages(self) -> tuple[AnyStage, ...]:
        """The stages of all phases, in order."""
        return tuple(stage for phase in self.phases for stage in phase.stages)


def plan_run(recipe: Recipe, inputs: Sequence[str], out: str) -> Plan:
    """Look at the inputs and the output folder; nothing is written.

    Raises:
        InputError: an input that cannot be used.
        ForeignOutputError: the folder holds another run's shards.
    """
    files = find_inputs(inputs)
    check_inputs(files, recipe.read)
    shards = tuple(make_shards(files))
    phases = web_phases(recipe, shards)
    layout = Layout(out)
    return Plan(recipe, layout, shards, phases, find_finished(layout, phases))
