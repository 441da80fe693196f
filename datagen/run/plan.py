"""What a generation would do: its shards, and what of them is done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from datagen.run.inputs import find_payload_files
from datagen.run.session import Bounds
from datagen.run.stage import GenerateStage
from filters.errors import SettingError
from pipelines.engine.content import content
from pipelines.engine.finished import Finished, find_finished
from pipelines.engine.outputs.files import local_folder
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Shard, make_shards
from pipelines.engine.version import code_version, library_versions
from schemas.fingerprint import fingerprint
from schemas.summaries.recipe import SummariesRecipe

JOURNAL = "journal"
NOT_DECISIVE = {"description", "flow"}
"""Settings on which no answer depends."""


@dataclass(frozen=True)
class GenerationPlan:
    """What a run would do."""

    recipe: SummariesRecipe
    layout: Layout
    stage: GenerateStage
    shards: tuple[Shard, ...]
    done: Finished

    def with_server(self, url: str) -> "GenerationPlan":
        """The same, with a vLLM server that runs."""
        stage = replace(self.stage, server_url=url)
        phases = tuple(Phase((stage,), phase.units) for phase in self.done.phases)
        return replace(self, stage=stage, done=replace(self.done, phases=phases))


def plan_generation(
    recipe: SummariesRecipe, inputs: Sequence[str], out: str, limit: int | None, bounds: Bounds
) -> GenerationPlan:
    """Look at the inputs and the output folder. Every answer is kept in a journal on this machine, so ``out`` is here.

    Raises:
        InputError: an input that cannot be used.
        SettingError: ``out`` is on an object store, or a bound on cost has no price.
        ForeignOutputError: the folder holds another run's shards.
    """
    bounds.check(recipe.teacher)
    folder = local_folder(out)
    if folder is None:
        raise SettingError(
            f"--out {out}: answers are kept in a journal that must be on this machine; copy it afterwards"
        )
    shards = tuple(make_shards(find_payload_files(inputs)))
    settings = {name: getattr(recipe, name) for name in type(recipe).model_fields if name not in NOT_DECISIVE}
    part = content([settings, [bounds.max_tokens, bounds.max_cost]])
    stage = GenerateStage(
        recipe,
        fingerprint([code_version(), content(library_versions()), part]),
        str(folder / JOURNAL),
        bounds,
        spread(limit, shards),
    )
    layout = Layout(out)
    return GenerationPlan(recipe, layout, stage, shards, find_finished(layout, (Phase((stage,), shards),)))


def spread(limit: int | None, shards: Sequence[Shard]) -> dict[str, int] | None:
    """A limit over all shards as one for each, as even as can be; a shard that has fewer gives nothing to others."""
    if limit is None:
        return None
    share, rest = divmod(limit, len(shards))
    return {shard.name: share + (number < rest) for number, shard in enumerate(shards)}
