"""The card of a trained extractor: what it was made from, and how good it is on pages of sites it has not seen."""

from typing import Literal

from schemas.strict import StrictModel

CARD_NAME = "card.json"
"""The card's file name; it lies next to the model, and so does the same as Markdown."""


class GroupScore(StrictModel):
    """Mean F1 of the words of a group of pages."""

    group: str
    pages: int
    f1: float
    precision: float
    recall: float


class LearningPoint(StrictModel):
    """What a share of the training sites gives."""

    share: float
    pages: int
    f1: float


class FeatureGain(StrictModel):
    """A feature's share of what the trees gain by splits."""

    feature: str
    share: float


class ExtractorCard(StrictModel):
    """Everything that a user of a trained extractor has to know."""

    version: Literal[2] = 2
    model: str
    """File name of the model, next to the card."""
    model_bytes: int
    model_digest: str
    """Hex of xxh3-128 over the model's file."""
    command: str
    """What trained it; the same files give the same bytes."""
    seed: int
    trained_on: dict[str, int]
    """Pages by licence."""
    kinds: dict[str, int]
    """Training pages by kind of label; ``weak`` for those whose text nobody wrote down."""
    only_measured: tuple[str, ...]
    """Sources that were not trained on."""
    cross_validation: tuple[GroupScore, ...]
    """All measured pages, and by source, kind of page and language: by models that saw no page of the site."""
    source_left_out: tuple[GroupScore, ...]
    """Each source by a model that was not trained on it."""
    learning_curve: tuple[LearningPoint, ...]
    gains: tuple[FeatureGain, ...]
    """The features of the first stage that gain most."""
    calibration: tuple[tuple[float, float], ...]
    """F1 that the model expects of a page, and the one that such pages had."""
    code_version: str
    """Release and digest of the program that trained it."""
    notes: tuple[str, ...] = ()
