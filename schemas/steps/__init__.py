"""The families of measures: their settings, signals and rules, one file each; and the unions that a recipe lists."""

from typing import Annotated

from pydantic import Field

from schemas.steps.c4 import C4BadWords, C4Quality
from schemas.steps.classifier import FastTextClassifier, FastTextSentences
from schemas.steps.dclm import DclmQuality, DclmRepetition, DclmUrls
from schemas.steps.fineweb import FineWebQuality
from schemas.steps.gopher import GopherQuality, GopherRepetition
from schemas.steps.language import Language
from schemas.steps.language_precheck import LanguagePrecheck
from schemas.steps.pii import Pii
from schemas.steps.profanity import Profanity
from schemas.steps.refinedweb import RefinedWebLines
from schemas.steps.url import UrlBlocklist

PageStep = Annotated[UrlBlocklist | LanguagePrecheck, Field(discriminator="type")]
"""A rule on the page before extraction."""

FilterStep = Annotated[
    Language
    | GopherQuality
    | GopherRepetition
    | FineWebQuality
    | C4Quality
    | C4BadWords
    | DclmUrls
    | DclmQuality
    | DclmRepetition
    | RefinedWebLines
    | FastTextClassifier
    | FastTextSentences
    | Profanity
    | Pii,
    Field(discriminator="type"),
]
"""A family of measures on the extracted text."""
