"""The phases of a generation: read, compare, prepare, ask and judge, compare again, keep."""

from collections.abc import Mapping
from dataclasses import replace

from datagen.run.session import Bounds
from datagen.run.stages.documents import ANSWERS, DOCUMENTS, PAYLOADS, UNIQUE
from datagen.run.stages.generate import GenerateStage
from datagen.run.stages.keep import KeepStage
from datagen.run.stages.payloads import PayloadsStage
from datagen.run.stages.prepare import PrepareStage
from pipelines.dedup.chain import dedup_phases
from pipelines.dedup.corpus import Corpus
from pipelines.engine.content import content
from pipelines.engine.in_folder import in_folder
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Shard
from pipelines.engine.stage import AnyStage
from pipelines.engine.version import code_version, library_versions
from schemas.fingerprint import fingerprint
from schemas.generation.duplicates import Duplicates
from schemas.recipe.write import WriteSettings
from schemas.summaries.recipe import SummariesRecipe

NOT_DECISIVE = {"description", "flow", "duplicates"}
"""Settings on which no answer depends."""


def generation_phases(
    recipe: SummariesRecipe, shards: tuple[Shard, ...], journal: str, bounds: Bounds, limits: Mapping[str, int] | None
) -> tuple[Phase, ...]:
    """All phases in order. The same on every runner, whatever the number of workers."""
    repeated = recipe.duplicates
    read = PayloadsStage(recipe, _print_of(recipe.payloads, recipe.products, recipe.write), limits)
    left = f"{PAYLOADS}/{DOCUMENTS if repeated.payloads is None else UNIQUE}"
    prepare = PrepareStage(recipe, _print_of(recipe.payloads.anonymise, recipe.language_pipeline, recipe.seed), left)
    asked = _print_of(_decisive(recipe), [bounds.max_tokens, bounds.max_cost])
    ask = GenerateStage(recipe, asked, journal, bounds, limits)
    keep = KeepStage(recipe.write, _print_of(recipe.write), compared=repeated.answers is not None)
    phases = (Phase((read,), shards),)
    phases = _compared(phases, repeated.payloads, recipe.write, shards, PAYLOADS)
    phases = (*_and_then(phases, prepare), Phase((ask,), shards))
    phases = _compared(phases, repeated.answers, recipe.write, shards, ANSWERS)
    return _and_then(phases, keep)


def _compared(
    phases: tuple[Phase, ...], how: Duplicates | None, write: WriteSettings, shards: tuple[Shard, ...], folder: str
) -> tuple[Phase, ...]:
    """The phases, and those of a deduplication in a folder of its own."""
    if how is None:
        return phases
    corpus = Corpus(shards, documents=DOCUMENTS)
    return phases + in_folder(dedup_phases(how.within_collections(), write, corpus, UNIQUE), folder)


def _and_then(phases: tuple[Phase, ...], stage: AnyStage) -> tuple[Phase, ...]:
    """The phases, the last one with one more stage."""
    return (*phases[:-1], replace(phases[-1], stages=(*phases[-1].stages, stage)))


def _decisive(recipe: SummariesRecipe) -> dict[str, object]:
    return {name: getattr(recipe, name) for name in type(recipe).model_fields if name not in NOT_DECISIVE}


def _print_of(*parts: object) -> str:
    return fingerprint([code_version(), content(library_versions()), content(list(parts))])
