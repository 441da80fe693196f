"""The stages of the web pipeline with their fingerprints: what each one's output depends on."""

from collections.abc import Sequence

from filters.classifier.model import check_model
from pipelines.engine.content import content
from pipelines.engine.outputs.layout import KEPT
from pipelines.engine.phase import Phase
from pipelines.engine.shard import Shard
from pipelines.engine.version import code_version, library_versions
from pipelines.web.stages.decide import DecideStage
from pipelines.web.stages.extract import ExtractStage
from pipelines.web.stages.measure import MeasureStage
from pipelines.web.stages.thresholds import PercentileThresholds, percentile_rules
from schemas.bounds import Bound
from schemas.fingerprint import fingerprint
from schemas.recipe.model import Recipe
from schemas.recipe.signals import run_document_schema
from schemas.step import Step
from schemas.steps.classifier import FastTextClassifier, FastTextSentences


def web_phases(recipe: Recipe, shards: Sequence[Shard], kept: str = KEPT) -> tuple[Phase, ...]:
    """Extract, measure and decide shard by shard; decide waits for all where a bound is a percentile of the corpus.

    Raises SettingError if a file that the recipe names is not there, or a model is not what its card says.
    """
    extract, measure, decide = web_stages(recipe, kept)
    units = tuple(shards)
    if not percentile_rules(recipe):
        return (Phase((extract, measure, decide), units),)
    return Phase((extract, measure), units), Phase((decide,), units, PercentileThresholds(recipe))


def web_stages(recipe: Recipe, kept: str = KEPT) -> tuple[ExtractStage, MeasureStage, DecideStage]:
    """Extract, measure, and decide, which writes its documents to the folder ``kept``.

    Each fingerprint covers the part of the recipe that the stage looks at.

    Raises SettingError if a file that the recipe names is not there, or a model is not what its card says.
    """
    for step in recipe.filters:
        if isinstance(step, FastTextClassifier | FastTextSentences):
            check_model(step.model)
    extract = [
        recipe.collection,
        recipe.source,
        recipe.read,
        recipe.pages,
        recipe.extract,
        recipe.measure,
        recipe.write,
    ]
    written = run_document_schema(recipe).to_string(show_field_metadata=False)  # later parts add signals
    decide = [[_bounds(step) for step in recipe.filters], recipe.write, kept, written]
    return (
        ExtractStage(recipe, _fingerprint(extract)),
        MeasureStage(recipe, _fingerprint([_measured_part(recipe), recipe.measure, recipe.write])),
        DecideStage(recipe, _fingerprint(decide), kept),
    )


def _fingerprint(part: list[object]) -> str:
    return fingerprint([code_version(), content(library_versions()), content(part)])


def _measured_part(recipe: Recipe) -> list[object]:
    """The filters as far as they change a signal.

    A bound does only if it decides which documents a later step measures: those of gates, and all before a model.
    """
    steps: Sequence[Step] = recipe.filters
    models = [position for position, step in enumerate(steps) if step.is_model]
    last_model = max(models, default=-1)
    part: list[object] = []
    for position, step in enumerate(steps):
        selects = recipe.measure == "default" and (step.gates or position < last_model)
        settings = {name: getattr(step, name) for name in type(step).model_fields if name not in step.rule_names()}
        part.append([settings, _bounds(step) if selects else {}])
    return part


def _bounds(step: Step) -> dict[str, Bound]:
    return dict(step.rules())
