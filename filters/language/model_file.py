"""Reads the file of a supervised fastText model (``.bin``, ``.ftz``): its words, labels, buckets and matrices.

The format is that of version 12, which fastText has written since 2017 (``src/fasttext.cc``, ``dictionary.cc``,
``quantmatrix.cc``, ``productquantizer.cc`` of https://github.com/facebookresearch/fastText).
"""

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

MAGIC, VERSION = 793712314, 12
SUPERVISED = 3
LOSSES: dict[int, Literal["hierarchical_softmax", "softmax"]] = {1: "hierarchical_softmax", 3: "softmax"}
CENTROIDS = 256


class ModelFileError(ValueError):
    """The file is no fastText model, or none of a supported kind."""


@dataclass(frozen=True)
class LanguageModel:
    """A linear model over words and the n-grams of their characters.

    The row of word i is ``rows[i]``, that of bucket b ``rows[bucket_rows[b] - 1]``.
    """

    words: list[bytes]
    """UTF-8."""
    labels: list[str]
    label_counts: list[int]
    """Documents of each label in the training set; they shape the tree of the hierarchical softmax."""
    ngrams: tuple[int, int]
    """Fewest and most characters of an n-gram."""
    bucket_rows: npt.NDArray[np.int32]
    """int32[buckets]: 0 for n-grams that were pruned."""
    rows: Floats
    """float32[rows, dimensions]."""
    output: Floats
    """float32[labels, dimensions]: of labels, or of inner nodes of their tree."""
    loss: Literal["hierarchical_softmax", "softmax"]


def read_model(path: Path) -> LanguageModel:
    """The model in a file. Raises ``ModelFileError``, or ``OSError`` where the file cannot be read."""
    content = _Content(path.read_bytes())
    try:
        return _read(content)
    except (struct.error, EOFError, UnicodeDecodeError) as error:
        raise ModelFileError("the file is cut off or damaged") from error


class _Content:
    """The bytes of a file, taken from its start on. All methods raise ``EOFError`` where they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._position = 0

    def integers(self, form: str) -> tuple[int, ...]:
        layout = struct.Struct(f"<{form}")
        return layout.unpack(self._take(layout.size))

    def array(self, dtype: npt.DTypeLike, length: int) -> np.ndarray:
        """A copy, since these bytes may lie at any address."""
        dtype = np.dtype(dtype)
        return np.frombuffer(self._take(length * dtype.itemsize), dtype).copy()

    def text(self) -> bytes:
        """The bytes up to the next NUL."""
        end = self._data.find(b"\x00", self._position)
        if end < 0:
            raise EOFError
        text = self._take(end - self._position)
        self._take(1)
        return bytes(text)

    def _take(self, size: int) -> memoryview:
        data = memoryview(self._data)[self._position : self._position + max(size, 0)]
        if len(data) != size:
            raise EOFError
        self._position += size
        return data


def _read(content: _Content) -> LanguageModel:
    if content.integers("ii") != (MAGIC, VERSION):
        raise ModelFileError(f"not a fastText model of version {VERSION}")
    _, _, _, _, _, word_ngrams, loss, kind, buckets, shortest, longest, _ = content.integers("12i")
    content.integers("d")
    if kind != SUPERVISED or loss not in LOSSES or word_ngrams > 1:
        raise ModelFileError("not a classifier over single words with hierarchical softmax or softmax")
    _, words, labels, _, pruned = content.integers("iiiqq")
    entries = [(content.text(), content.integers("qb")[0]) for _ in range(words + labels)]
    bucket_rows = np.zeros(max(buckets, 1), np.int32)
    if pruned < 0:
        bucket_rows[:] = np.arange(1, len(bucket_rows) + 1) + words
    else:
        pairs = content.array(np.int32, 2 * pruned).reshape(-1, 2)
        bucket_rows[pairs[:, 0]] = pairs[:, 1] + 1 + words
    (is_quantised,) = content.integers("?")
    rows = _matrix(content, bool(is_quantised))
    (is_quantised_output,) = content.integers("?")
    return LanguageModel(
        words=[word for word, _ in entries[:words]],
        labels=[label.decode() for label, _ in entries[words:]],
        label_counts=[count for _, count in entries[words:]],
        ngrams=(shortest, longest),
        bucket_rows=bucket_rows,
        rows=rows,
        output=_matrix(content, bool(is_quantised and is_quantised_output)),
        loss=LOSSES[loss],
    )


def _matrix(content: _Content, is_quantised: bool) -> Floats:
    if not is_quantised:
        height, width = content.integers("qq")
        return content.array(np.float32, height * width).reshape(height, width)
    has_norms, height, width, size = content.integers("?qqi")
    codes = content.array(np.uint8, size).reshape(height, -1)
    vectors = _centroids(content, codes)
    if has_norms:
        norms = content.array(np.uint8, height).reshape(height, 1)
        vectors *= _centroids(content, norms)
    if vectors.shape != (height, width):
        raise ModelFileError("the file is cut off or damaged")
    return vectors


def _centroids(content: _Content, codes: npt.NDArray[np.uint8]) -> Floats:
    """float32[rows, dimensions]: what the codes of a product quantiser (uint8[rows, parts]) stand for."""
    dimensions, parts, width, last_width = content.integers("4i")
    values = content.array(np.float32, dimensions * CENTROIDS)
    if codes.shape[1] != parts or (parts - 1) * width + last_width != dimensions:
        raise ModelFileError("the file is cut off or damaged")
    full = (parts - 1) * CENTROIDS * width
    tables = [*values[:full].reshape(-1, CENTROIDS, width), values[full:].reshape(CENTROIDS, last_width)]
    return np.concatenate([table[codes[:, part]] for part, table in enumerate(tables)], axis=1)
