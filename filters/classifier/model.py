"""Loads a fastText model with its card, once in a process, and scores texts with it."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import xxhash
from fasttext.FastText import _FastText
from pydantic import ValidationError

from filters.classifier.normalisation import LABEL_PREFIX, is_blank, normalise
from filters.errors import SettingError
from schemas.model_card import CARD_NAME, ModelCard

EVERY_LABEL = -1

SMOOTHING = np.float32(1e-5)
"""What fastText adds to a probability before it takes the logarithm."""

HOW_TO_TRAIN = "make one with: orchard train classifier --positive GLOB --negative GLOB --out DIR"


@dataclass(frozen=True)
class Classifier:
    """A loaded model, the label whose probability is the score, and how it reads a text."""

    model: _FastText
    label: str
    """As the model has it, with fastText's prefix."""
    lowercase: bool

    def score(self, text: pa.LargeStringArray) -> pa.FloatArray:
        """The label's probability for each text (float32, 0 to 1; null for a blank text).

        fastText adds 1e-5 to every probability, which is taken off again: otherwise all from 0.99999 to 1 would tie,
        often a large part of what a classifier likes.
        """
        lines = normalise(text, self.lowercase).to_pylist()
        labels, probabilities = self.model.predict(lines, k=EVERY_LABEL) if lines else ([], [])
        scores = [found[known.index(self.label)] for known, found in zip(labels, probabilities, strict=True)]
        values = np.clip(np.array(scores, dtype=np.float32) - SMOOTHING, 0, 1)
        return pa.array(values, pa.float32(), mask=is_blank(text).to_numpy(zero_copy_only=False))


def load_classifier(path: Path, label: str | None) -> Classifier:
    """The model at ``path``, scoring ``label`` or, where that is null, the label that its card names.

    A model without a card is read as DCLM's are: newlines become spaces, case is kept.
    Raises ``SettingError`` where the model is missing or broken, is not the card's, or does not know the label.
    """
    check_model(path)
    card = read_card(path)
    model = _load(path, path.stat().st_mtime_ns)
    wanted = label or (card.label if card else None)
    return Classifier(model, _known_label(path, model, wanted), card.lowercase if card else False)


def check_model(path: Path) -> None:
    """Raises ``SettingError`` where there is no model file: cheap enough for before a run starts."""
    if path.is_dir():
        raise SettingError(f"classifier model {path} is a directory; name the model.bin or model.ftz in it")
    if not path.is_file():
        raise SettingError(f"classifier model {path} does not exist (looked from {Path.cwd()}); {HOW_TO_TRAIN}")


def read_card(path: Path) -> ModelCard | None:
    """The card next to the model at ``path``, or None where there is none or it is another model's.

    Raises ``SettingError`` where the card is not valid or the model's file is not the one that it describes.
    """
    card_path = path.with_name(CARD_NAME)
    if not card_path.is_file():
        return None
    try:
        card = ModelCard.model_validate_json(card_path.read_bytes())
    except ValidationError as error:
        raise SettingError(f"model card {card_path} is not valid: {error}") from error
    if card.model != path.name:
        return None
    if file_digest(path) != card.model_digest:
        raise SettingError(f"classifier model {path} is not the one that {card_path} describes; {HOW_TO_TRAIN}")
    return card


def file_digest(path: Path) -> str:
    """Hex of xxh3-128 over a file, read in pieces."""
    digest = xxhash.xxh3_128()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return digest.hexdigest()


@lru_cache(maxsize=8)
def _load(path: Path, modified: int) -> _FastText:
    """The model, read again when the file's time of change (ns) is another one."""
    try:
        return _FastText(str(path))
    except ValueError as error:
        raise SettingError(f"classifier model {path} cannot be read: {error}; {HOW_TO_TRAIN}") from error


def _known_label(path: Path, model: _FastText, label: str | None) -> str:
    known = sorted(str(name) for name in model.get_labels())
    if label in known:
        return label
    if f"{LABEL_PREFIX}{label}" in known:
        return f"{LABEL_PREFIX}{label}"
    names = ", ".join(name.removeprefix(LABEL_PREFIX) for name in known)
    reason = "needs a `label`" if label is None else f"has no label {label!r}"
    raise SettingError(f"classifier model {path} {reason}; it knows: {names}")
