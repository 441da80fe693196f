"""Texts of an evaluation set that training data has seen: near-duplicates, and long passages word for word."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.lexing.hashed_words import HashedWords, words_of
from filters.minhash.bands import band_hashes
from filters.minhash.jaccard import jaccard_of_pairs, shingle_sets
from filters.minhash.permutations import permutations
from filters.minhash.shingles import Shingles, ngrams
from filters.minhash.signature import signatures
from filters.ngrams.index import build_index
from filters.ngrams.match import find_hits
from filters.ngrams.passages import item_matches
from filters.ngrams.select import question_sequences

SHINGLE = 3
"""Words of a shingle: payloads are short."""
BANDS, ROWS = 32, 4
"""A pair of Jaccard similarity 0.5 meets in a band with probability 0.87, one of 0.6 with 0.99."""
SEED = 1


@dataclass(frozen=True)
class Seen:
    """A candidate that training data has."""

    candidate: int
    reason: str
    """``near_duplicate`` or ``passage``."""
    value: float
    """Jaccard similarity of word triples, or the words of the longest passage."""
    training: int
    """The training text, by its position among all that were looked at."""


class Overlap:
    """Looks for candidates in training texts, a batch after another. Memory: the candidates and one batch."""

    def __init__(self, candidates: Sequence[str], min_jaccard: float = 0.5, passage_words: int = 13) -> None:
        self._min_jaccard, self._passage_words = min_jaccard, passage_words
        words = _words(candidates)
        self._sets, self._bands = _signed(words)
        lengths = np.full(len(candidates), passage_words, np.int64)
        sequences = question_sequences(words.offsets, lengths)
        self._index = build_index(words.hash, sequences, sequences.text, np.zeros(len(candidates), np.uint32))
        self._by_band = {
            (band, int(value)): np.flatnonzero(self._bands[:, band] == value)
            for band in range(BANDS)
            for value in np.unique(self._bands[:, band])
        }
        self._looked_at = 0

    def look(self, training: Sequence[str]) -> list[Seen]:
        """The candidates that these training texts have, each pair once with each reason; by candidate."""
        if not training:
            return []
        words = _words(training)
        found = [*self._near_duplicates(words), *self._passages(words)]
        self._looked_at += len(training)
        return sorted(found, key=lambda seen: (seen.candidate, seen.reason, seen.training))

    def _near_duplicates(self, words: HashedWords) -> list[Seen]:
        sets, bands = _signed(words)
        pairs = {
            (int(candidate), text)
            for text in np.flatnonzero(sets.per_document).tolist()
            for band in range(BANDS)
            for candidate in self._by_band.get((band, int(bands[text, band])), ())
            if self._sets.per_document[candidate]
        }
        if not pairs:
            return []
        left, right = (np.array(side, np.int64) for side in zip(*sorted(pairs), strict=True))
        hashes = np.concatenate([self._sets.hashes, sets.hashes])
        offsets = np.concatenate([self._sets.offsets, self._sets.offsets[-1] + sets.offsets[1:]])
        similarity = jaccard_of_pairs(Shingles(hashes, offsets), left, right + len(self._sets.offsets) - 1)
        return [
            Seen(int(candidate), "near_duplicate", float(value), self._looked_at + int(text))
            for candidate, text, value in zip(left, right, similarity, strict=True)
            if value >= self._min_jaccard
        ]

    def _passages(self, words: HashedWords) -> list[Seen]:
        hits = find_hits(words, self._index)
        found = item_matches(hits, self._index)
        length = hits.word[found.last] + self._index.lengths[hits.ngram[found.last]] - hits.word[found.first]
        return [
            Seen(int(candidate), "passage", float(words), self._looked_at + int(text))
            for candidate, text, words in zip(found.item, found.document, length, strict=True)
        ]


def _words(texts: Sequence[str]) -> HashedWords:
    return words_of(pa.array(list(texts), pa.large_string()))


def _signed(words: HashedWords) -> tuple[Shingles, np.ndarray]:
    """Sets of word triples, and uint64[texts, BANDS]."""
    found = ngrams(words.hash, words.offsets, SHINGLE)
    signed = signatures(found.hashes, found.offsets, permutations(BANDS * ROWS, SEED))
    scope = np.zeros(len(signed), np.uint64)
    return shingle_sets(found), band_hashes(signed, scope, BANDS, ROWS)
