"""What a recipe would do with some inputs: its shards, its phases, and what of them is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.dedup.chain import dedup_phases
from pipelines.dedup.corpus import Corpus
from pipelines.dedup.inputs import find_documents, find_earlier
from pipelines.engine.finished import Finished, find_finished
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Shard, make_shards
from pipelines.engine.stage import AnyStage
from pipelines.read.files import InputError, find_inputs
from pipelines.read.read import check_inputs
from pipelines.web.chain import web_phases
from schemas.recipe.model import Recipe

FILTERED = "stages/filtered"
"""Where documents lie between the filters and deduplication."""


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
    if recipe.deduplicate is None:
        return _plan(recipe, out, shards, web_phases(recipe, shards))
    web = web_phases(recipe, shards, FILTERED)
    dedup = dedup_phases(recipe.deduplicate, recipe.write, Corpus(shards, documents=FILTERED))
    return _plan(recipe, out, shards, (*web, *dedup))


def plan_deduplication(recipe: Recipe, inputs: Sequence[str], out: str, against: Sequence[str]) -> Plan:
    """Look at documents that are there already, and at earlier corpora (folders of runs) that they may repeat.

    Raises:
        InputError: an input is no file of documents, or an earlier corpus has no signatures or other ones.
        RecipeError: the recipe does not say what a duplicate is.
        ForeignOutputError: the folder holds another run's shards.
    """
    if recipe.deduplicate is None:
        raise InputError(
            f"recipe {recipe.name} has no section `deduplicate`: add one (`deduplicate: {{minhash: {{}}}}`)"
        )
    shards = tuple(make_shards(find_documents(inputs)))
    earlier = find_earlier(against, recipe.deduplicate)
    phases = dedup_phases(recipe.deduplicate, recipe.write, Corpus(shards, earlier))
    return _plan(recipe, out, shards, phases)


def _plan(recipe: Recipe, out: str, shards: tuple[Shard, ...], phases: tuple[Phase, ...]) -> Plan:
    layout = Layout(out)
    return Plan(recipe, layout, shards, phases, find_finished(layout, phases))
