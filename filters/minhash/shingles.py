"""Documents as sets of passages: the n-grams (shingles) that MinHash and the Jaccard similarity compare."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numba import uint64

from filters.batch import Batch
from filters.kernel import kernel
from filters.lexing.hashed_words import words_of
from filters.minhash.characters import characters
from filters.minhash.code_tokens import code_tokens
from filters.minhash.mixing import join

ShingleKind = Literal["words", "characters", "code"]
"""What a shingle is made of: `filters.lexing.hashed_words`, `characters`, or `code_tokens`."""


@dataclass(frozen=True)
class Shingles:
    """The shingles of some documents, one after the other, repeated ones included.

    ``hashes`` is uint64[shingles]; those of document d are ``hashes[offsets[d]:offsets[d + 1]]``
    (int64[documents + 1]). Equal in every process.
    """

    hashes: np.ndarray
    offsets: np.ndarray

    @property
    def per_document(self) -> np.ndarray:
        """int64[documents]: number of shingles in each document."""
        return np.diff(self.offsets)


def shingles(batch: Batch, kind: ShingleKind, ngram: int) -> Shingles:
    """The n-grams of every document; a document shorter than that is one shingle, one without words has none."""
    if kind == "words":
        words = words_of(batch.text)
        return ngrams(words.hash, words.offsets, ngram)
    hashes, offsets = characters(batch.text) if kind == "characters" else code_tokens(batch.text)
    return ngrams(hashes, offsets, ngram)


def ngrams(hashes: np.ndarray, offsets: np.ndarray, ngram: int) -> Shingles:
    """A hash for every ``ngram`` tokens in a row; ``hashes`` (uint64, spread well) and ``offsets`` are the tokens'."""
    return Shingles(*_ngrams(hashes, offsets, ngram))


@kernel
def _ngrams(tokens: np.ndarray, offsets: np.ndarray, ngram: int) -> tuple[np.ndarray, np.ndarray]:
    result = np.empty(len(tokens), np.uint64)
    result_offsets = np.zeros(len(offsets), np.int64)
    found = 0
    for document in range(len(offsets) - 1):
        start, end = offsets[document], offsets[document + 1]
        length = min(ngram, end - start)
        last = end - length if length else start - 1
        for first in range(start, last + 1):
            key = uint64(0)
            for token in range(first, first + length):
                key = join(key, tokens[token])
            result[found] = key
            found += 1
        result_offsets[document + 1] = found
    return result[:found].copy(), result_offsets
