"""Texts of which some ranges are cut, with what that did to each document."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.lexing.hashed_words import words_of
from filters.repeats.cut import cut

WORD_CHARACTERS = 12
"""Characters for each word that is asked for, in which most texts have so many words."""


@dataclass(frozen=True)
class Edit:
    """Texts after a cut.

    ``text`` (large_string[documents]); int64[documents] each: ``ranges`` that were cut, bytes ``removed`` with them,
    and ``words``: those that are left of a text of which too little is, -1 for all others.
    """

    text: pa.LargeStringArray
    ranges: np.ndarray
    removed: np.ndarray
    words: np.ndarray

    @property
    def too_short(self) -> np.ndarray:
        """bool[documents]: something was cut, and too little is left."""
        return self.words >= 0


def edit(
    text: pa.LargeStringArray, document: np.ndarray, start: np.ndarray, end: np.ndarray, *, min_words: int
) -> Edit:
    """Cut ranges of bytes (int64[ranges] each) by the rules of `cut`; only the texts that they lie in are looked at.

    Of these texts, fewer than ``min_words`` words are too little. Raises ``ValueError`` for a range that is no part of
    its text.
    """
    ranges = np.bincount(document, minlength=len(text)).astype(np.int64)
    chosen = np.flatnonzero(ranges)
    removed, words = np.zeros(len(text), np.int64), np.full(len(text), -1)
    if not len(chosen):
        return Edit(text, ranges, removed, words)
    found = cut(text.take(pa.array(chosen)), np.searchsorted(chosen, document), start, end)
    removed[chosen] = found.removed
    short, left = _short(found.text, min_words)
    words[chosen[short]] = left
    return Edit(pc.replace_with_mask(text, pa.array(ranges > 0), found.text), ranges, removed, words)


def _short(text: pa.LargeStringArray, min_words: int) -> tuple[np.ndarray, np.ndarray]:
    """The texts (positions, int64) with fewer than ``min_words`` words, and how many each has (int64).

    A text has at least the words of its beginning, so that few are read whole.
    """
    beginnings = pc.utf8_slice_codeunits(text, 0, WORD_CHARACTERS * min_words)
    unsure = np.flatnonzero(_counts(beginnings) < min_words)
    counts = _counts(text.take(pa.array(unsure)))
    return unsure[counts < min_words], counts[counts < min_words]


def _counts(text: pa.LargeStringArray) -> np.ndarray:
    return np.diff(words_of(text).offsets)
