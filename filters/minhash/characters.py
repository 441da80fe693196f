"""Texts as characters, for languages that put no spaces between words."""

import unicodedata
from functools import lru_cache

import numpy as np
import pyarrow as pa
from numba import uint64

from filters.kernel import kernel
from filters.minhash.mixing import mix


def characters(text: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """The hash of every letter, digit and mark (Unicode's L, N and M), normalised as NFKC and casefolded.

    Returns (hashes uint64[characters], offsets int64[documents + 1]). A letter and the marks on it are several
    characters where Unicode has no single one for them.
    """
    texts = [_normalised(document).encode("utf-32-le") for document in text.to_pylist()]
    offsets = np.cumsum([0, *(len(document) // 4 for document in texts)], dtype=np.int64)
    return _hash(np.frombuffer(b"".join(texts), np.uint32), offsets, _kept())


def _normalised(text: str) -> str:
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


@lru_cache(1)
def _kept() -> np.ndarray:
    """bool[code points]: letters, digits and marks."""
    kept = np.zeros(0x110000, np.bool_)
    kept[[point for point in range(0x110000) if unicodedata.category(chr(point))[0] in "LNM"]] = True
    return kept


@kernel
def _hash(points: np.ndarray, offsets: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    hashes = np.empty(len(points), np.uint64)
    kept_offsets = np.zeros(len(offsets), np.int64)
    found = 0
    for document in range(len(offsets) - 1):
        for position in range(offsets[document], offsets[document + 1]):
            hashes[found] = mix(uint64(points[position]))
            found += int(kept[points[position]])
        kept_offsets[document + 1] = found
    return hashes[:found].copy(), kept_offsets
