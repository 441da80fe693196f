"""Texts of which some ranges are cut, with what that did to each document."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.lexing.hashed_words import words_of
from filters.repeats.cut import cut


@dataclass(frozen=True)
class Edit:
    """Texts after a cut.

    ``text`` (large_string[documents]); int64[documents] each: ``ranges`` that were cut, bytes ``removed`` with them,
    and ``words`` that are left, -1 where nothing was cut.
    """

    text: pa.LargeStringArray
    ranges: np.ndarray
    removed: np.ndarray
    words: np.ndarray

    def too_short(self, min_words: int) -> np.ndarray:
        """bool[documents]: something was cut, and fewer words are left."""
        return (self.ranges > 0) & (self.words < min_words)


def edit(text: pa.LargeStringArray, document: np.ndarray, start: np.ndarray, end: np.ndarray) -> Edit:
    """Cut ranges of bytes (int64[ranges] each) by the rules of `cut`; only the texts that they lie in are looked at.

    Raises ``ValueError`` for a range that is no part of its text.
    """
    ranges = np.bincount(document, minlength=len(text)).astype(np.int64)
    chosen = np.flatnonzero(ranges)
    removed, words = np.zeros(len(text), np.int64), np.full(len(text), -1)
    if not len(chosen):
        return Edit(text, ranges, removed, words)
    found = cut(text.take(pa.array(chosen)), np.searchsorted(chosen, document), start, end)
    removed[chosen] = found.removed
    words[chosen] = np.diff(words_of(found.text).offsets)
    return Edit(pc.replace_with_mask(text, pa.array(ranges > 0), found.text), ranges, removed, words)
