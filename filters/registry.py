"""Where each family of measures is made ready; a family's code is imported only when a recipe uses it."""

from importlib import import_module

from filters.batch import Measure
from schemas.step import Step

PREPARE = {
    "url": "filters.url.blocklist:prepare",
    "language_precheck": "filters.language.precheck:prepare",
    "language": "filters.language.identify:prepare",
    "gopher_quality": "filters.gopher.quality:prepare",
    "gopher_repetition": "filters.gopher.repetition:prepare",
    "fineweb_quality": "filters.fineweb:prepare",
    "c4_quality": "filters.c4.quality:prepare",
    "c4_bad_words": "filters.c4.bad_words:prepare",
    "dclm_urls": "filters.dclm.urls:prepare",
    "dclm_quality": "filters.dclm.quality:prepare",
    "dclm_repetition": "filters.dclm.repetition:prepare",
    "refinedweb_lines": "filters.refinedweb.lines:prepare",
    "fasttext": "filters.classifier.document:prepare",
    "fasttext_sentences": "filters.classifier.sentences:prepare",
    "profanity": "filters.profanity:prepare",
    "pii": "filters.pii.redact:prepare",
}
"""A step's ``type`` to the ``module:function`` that makes it ready."""


def prepare(step: Step) -> Measure:
    """The measure of a step, with its lists and models loaded.

    Raises:
        KeyError: no family has the step's type.
    """
    module, _, function = PREPARE[type(step).model_fields["type"].default].partition(":")
    return getattr(import_module(module), function)(step)
