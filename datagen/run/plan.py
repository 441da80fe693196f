"""What a generation would do: its shards, and what of them is done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from datagen.evaluation.folder import read_sets
from datagen.run.chain import generation_phases
from datagen.run.inputs import find_payload_files
from datagen.run.session import Bounds
from datagen.run.stages.generate import GenerateStage
from pipelines.engine.finished import Finished, find_finished
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.owner import refuse_other_command
from pipelines.engine.shard import Shard, make_shards
from schemas.fingerprint import fingerprint
from schemas.summaries.recipe import SummariesRecipe

JOURNAL = "journal"


@dataclass(frozen=True)
class GenerationPlan:
    """What a run would do."""

    recipe: SummariesRecipe
    layout: Layout
    journal: str
    """The folder of the journal, on this machine or an object store."""
    bounds: Bounds
    limits: Mapping[str, int] | None
    """Most prompts of each shard; None: all."""
    shards: tuple[Shard, ...]
    done: Finished

    def with_asking(self, **changes: str | Bounds | None) -> "GenerationPlan":
        """The same, with other settings of the stage that asks, on which no answer depends."""
        phases = tuple(
            replace(
                phase, stages=tuple(replace(s, **changes) if isinstance(s, GenerateStage) else s for s in phase.stages)
            )
            for phase in self.done.phases
        )
        return replace(self, done=replace(self.done, phases=phases))

    def again(self) -> "GenerationPlan":
        """The same, with what is done by now."""
        return replace(self, done=find_finished(self.layout, self.done.phases))

    @property
    def fingerprint(self) -> str:
        """Of all stages."""
        return fingerprint([stage.fingerprint for phase in self.done.phases for stage in phase.stages])


def plan_generation(
    recipe: SummariesRecipe, inputs: Sequence[str], out: str, limit: int | None, bounds: Bounds
) -> GenerationPlan:
    """Look at the inputs, the evaluation sets and the output folder. Every answer is kept in a journal there.

    Raises:
        InputError: an input that cannot be used, or an evaluation set that is not what was frozen.
        SettingError: a bound on cost has no price, or a folder of evaluation sets holds none.
        ForeignOutputError: the folder holds another run's shards.
    """
    bounds.check(recipe.teacher)
    for folder in recipe.payloads.evaluation_sets:
        read_sets(folder)
    shards = tuple(make_shards(find_payload_files(inputs)))
    layout, limits = Layout(out), spread(limit, shards)
    journal = layout.uri(JOURNAL)
    phases = generation_phases(recipe, shards, journal, bounds, limits)
    refuse_other_command(out, (stage.name for phase in phases for stage in phase.stages))
    return GenerationPlan(recipe, layout, journal, bounds, limits, shards, find_finished(layout, phases))


def spread(limit: int | None, shards: Sequence[Shard]) -> dict[str, int] | None:
    """A limit over all shards as one for each, as even as can be; a shard that has fewer gives nothing to others."""
    if limit is None:
        return None
    share, rest = divmod(limit, len(shards))
    return {shard.name: share + (number < rest) for number, shard in enumerate(shards)}
