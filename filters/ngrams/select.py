"""Which word sequences stand for the items of a benchmark."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.lexing.hashed_words import words_of
from filters.ngrams.hashing import PREFIX
from schemas.benchmark import IndexSettings

PERCENTILE = 5
"""Of the items' lengths, as GPT-3 chooses n (arXiv 2005.14165, appendix C)."""


@dataclass(frozen=True)
class Sequences:
    """Runs of words in some texts: ``words[start : start + length]`` of the text ``text`` (int64 each)."""

    text: np.ndarray
    start: np.ndarray
    """Counted over the words of all texts."""
    length: np.ndarray


def choose_n(lengths: np.ndarray, settings: IndexSettings) -> int:
    """The n of a benchmark: the 5th percentile of its items' words (int64[items], > 0), within the settings' bounds."""
    percentile = int(np.percentile(lengths, PERCENTILE)) if len(lengths) else settings.longest
    return min(max(percentile, settings.shortest), settings.longest)


def question_sequences(offsets: np.ndarray, n: np.ndarray) -> Sequences:
    """The sequences of items whose words lie between ``offsets`` (int64[items + 1]); ``n`` is int64[items].

    All n-grams; for an item of fewer than n words, all of it as one sequence of its own length. One of under four words
    is found only where it is the whole document, which `match` looks after.
    """
    words = np.diff(offsets)
    return _windows(offsets, np.minimum(words, n))


def answer_sequences(offsets: np.ndarray, n: np.ndarray) -> Sequences:
    """The n-grams of answers; those of fewer than n words have none: "none of the above" is no evidence."""
    words = np.diff(offsets)
    return _windows(offsets, np.where(words >= np.maximum(n, PREFIX), n, 0))


def evidence_only(sequences: Sequences, items: np.ndarray, words: np.ndarray) -> np.ndarray:
    """bool[sequences]: not made of numbers only, or of an item that has nothing else.

    ``items`` (int64) is the item of each sequence, ``words`` (uint64) those that the sequences run over. Every calendar
    counts from 1 to 9: of 23 web pages that n-grams from 8 words up flagged, 8 were such.
    """
    numbers_before = np.concatenate(([0], np.cumsum(np.isin(words, _number_hashes()))))
    numbers = numbers_before[sequences.start + sequences.length] - numbers_before[sequences.start]
    has_words = numbers < sequences.length
    item_has_words = np.zeros(int(items.max(initial=-1)) + 1, np.bool_)
    item_has_words[items[has_words]] = True
    return has_words | ~item_has_words[items]


def _number_hashes() -> np.ndarray:
    """The hashes of 0 to 9,999 as words (uint64), with and without leading zeros up to 09."""
    spellings = [*map(str, range(10_000)), *(f"0{digit}" for digit in range(10))]
    return words_of(pa.array(spellings, pa.large_string())).hash


def _windows(offsets: np.ndarray, length: np.ndarray) -> Sequences:
    """All runs of ``length`` words of each text, none where it is 0."""
    counts = np.where(length > 0, np.diff(offsets) - length + 1, 0)
    text = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    start = np.arange(counts.sum()) - before[text] + offsets[:-1][text]
    return Sequences(text, start, length[text])
