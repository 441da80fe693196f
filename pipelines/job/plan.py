"""What a recipe would do with some inputs: its shards, its phases, and what of them is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.decontaminate.chain import decontamination_phases
from pipelines.dedup.chain import dedup_phases
from pipelines.dedup.corpus import SIGNATURES, Corpus
from pipelines.dedup.inputs import find_documents, find_earlier
from pipelines.engine.finished import Finished, find_finished
from pipelines.engine.outputs.files import join
from pipelines.engine.outputs.layout import KEPT, Layout
from pipelines.engine.outputs.owner import refuse_other_command
from pipelines.engine.outputs.parquet import row_count
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Shard, make_shards
from pipelines.engine.stage import AnyStage
from pipelines.job.manifests import recipe_facts
from pipelines.read.documents import find_documents as find_finished_documents
from pipelines.read.files import InputError, find_inputs
from pipelines.read.read import check_inputs
from pipelines.web.chain import web_phases
from schemas.manifest import RunFacts
from schemas.recipe.model import Recipe

FILTERED = "stages/filtered"
UNIQUE = "stages/unique"
"""Where documents lie between the filters, deduplication and decontamination."""


@dataclass(frozen=True)
class Plan:
    """What a run would do."""

    facts: RunFacts
    """What its manifests will say of recipe and versions."""
    layout: Layout
    shards: tuple[Shard, ...]
    phases: tuple[Phase, ...]
    done: Finished

    @property
    def stages(self) -> tuple[AnyStage, ...]:
        """The stages of all phases, in order."""
        return tuple(stage for phase in self.phases for stage in phase.stages)


def make_plan(facts: RunFacts, out: str, shards: tuple[Shard, ...], phases: tuple[Phase, ...]) -> Plan:
    """A plan, with what of it is done. Raises ForeignOutputError if the folder holds another run's shards."""
    refuse_other_command(out, (stage.name for phase in phases for stage in phase.stages))
    layout = Layout(out)
    return Plan(facts, layout, shards, phases, find_finished(layout, phases))


def plan_run(recipe: Recipe, inputs: Sequence[str], out: str) -> Plan:
    """Look at the inputs and the output folder; nothing is written.

    Raises:
        InputError: an input that cannot be used.
        ForeignOutputError: the folder holds another run's shards.
    """
    files = find_inputs(inputs)
    check_inputs(files, recipe.read)
    shards = tuple(make_shards(files))
    filtered = FILTERED if recipe.deduplicate or recipe.decontaminate else KEPT
    unique = UNIQUE if recipe.decontaminate else KEPT
    phases = web_phases(recipe, shards, filtered)
    if recipe.deduplicate is not None:
        corpus = Corpus(shards, documents=filtered)
        phases += dedup_phases(recipe.deduplicate, recipe.write, corpus, unique)
    if recipe.decontaminate is not None:
        documents = unique if recipe.deduplicate else filtered
        phases += decontamination_phases(recipe.decontaminate, recipe.write, shards, documents)
    return make_plan(recipe_facts(recipe), out, shards, phases)


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
    if recipe.deduplicate.minhash is not None:
        _refuse_decontaminated(earlier)
    phases = dedup_phases(recipe.deduplicate, recipe.write, Corpus(shards, earlier))
    return make_plan(recipe_facts(recipe), out, shards, phases)


def plan_decontamination(recipe: Recipe, inputs: Sequence[str], out: str) -> Plan:
    """Look at documents that are there already, and at the index of benchmarks.

    Raises:
        InputError: an input is no file of documents, there is no document, or the recipe has no such section.
        IndexFileError: the index is missing, or no whole index of this version.
        ForeignOutputError: the folder holds another run's shards.
    """
    if recipe.decontaminate is None:
        raise InputError(
            f"recipe {recipe.name} has no section `decontaminate`: give --index INDEX, or add one "
            "(`decontaminate: {index: benchmarks.index}`)"
        )
    shards = tuple(make_shards(find_finished_documents(inputs, "decontaminate")))
    phases = decontamination_phases(recipe.decontaminate, recipe.write, shards)
    return make_plan(recipe_facts(recipe), out, shards, phases)


def _refuse_decontaminated(earlier: Sequence[Shard]) -> None:
    """Raise InputError where documents of an earlier corpus are gone whose signatures are still there.

    Rows of the two belong together; a decontamination in the same run takes out documents only.
    """
    for shard in earlier:
        folder, _, name = shard.input.uri.removesuffix(".parquet").rpartition(f"/{SIGNATURES}/")
        kept, signatures = row_count(join(folder, KEPT, f"{name}.parquet")), row_count(shard.input.uri)
        if kept != signatures:
            raise InputError(
                f"{folder}: {SIGNATURES}/ has {signatures:,} documents of {name}, {KEPT}/ has {kept:,}, since the run "
                "was decontaminated too. Give the folder of a run that only deduplicates: orchard deduplicate"
            )
