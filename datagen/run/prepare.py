"""Payloads as they may be sent: personal data in them is replaced."""

from collections.abc import Mapping
from functools import cache

from datagen.payloads.anonymise import anonymise
from datagen.payloads.people import People
from filters.pii.finders import Finder
from filters.pii.redact import finders_of
from schemas.payload import Payload
from schemas.steps.pii import Kind, Pii
from schemas.summaries.recipe import SummariesRecipe


def prepare(payload: Payload, recipe: SummariesRecipe) -> Payload:
    """The payload with made-up values, if the recipe wants that and it was not done before."""
    if not recipe.payloads.anonymise or payload.anonymised:
        return payload
    return anonymise(payload, _people(recipe.language_pipeline), _finders(), recipe.seed)


@cache
def _people(pipeline: str) -> People:
    return People(pipeline)


@cache
def _finders() -> Mapping[Kind, Finder]:
    return finders_of(Pii())
