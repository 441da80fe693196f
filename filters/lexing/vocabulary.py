"""The distinct words met so far, as integers, with the facts of each that rules ask for."""

from collections.abc import Callable, Iterable, Sequence
from itertools import repeat

import numpy as np
import xxhash

from filters.lexing.concatenation import text_hashes
from filters.lexing.growing import GrowingArray
from filters.lexing.punctuation import PUNCTUATION

Splitter = Callable[[Sequence[str]], Iterable[Sequence[str]]]
"""Splits some chunks (runs of characters that are not white space) into the words of each."""


class Vocabulary:
    """Distinct words and distinct chunks of text, numbered as they are met.

    A chunk is split into words once, when it is first met. Numbers mean nothing beyond one vocabulary: a measure
    must not depend on their order. ``strings``, ``length``, ``has_alpha``... are indexed by word id.
    """

    def __init__(self, split: Splitter) -> None:
        self._split = split
        self._word_ids: dict[str, int] = {}
        self._chunk_ids: dict[str, int] = {}
        self._chunk_words = GrowingArray(np.int32)
        self._chunk_ends = GrowingArray(np.int64)
        self._length = GrowingArray(np.int32)
        self._has_alpha = GrowingArray(np.bool_)
        self._is_punctuation = GrowingArray(np.bool_)
        self._starts_alphanumeric = GrowingArray(np.bool_)
        self._hash = GrowingArray(np.uint64)
        self._join_hash = GrowingArray(np.uint64)
        self._join_power = GrowingArray(np.uint64)
        self.strings: list[str] = []

    @property
    def length(self) -> np.ndarray:
        """int32[words]: characters (code points)."""
        return self._length.values

    @property
    def has_alpha(self) -> np.ndarray:
        """bool[words]: some character is a letter (``str.isalpha``)."""
        return self._has_alpha.values

    @property
    def is_punctuation(self) -> np.ndarray:
        """bool[words]: every character is in `filters.lexing.punctuation.PUNCTUATION`."""
        return self._is_punctuation.values

    @property
    def starts_alphanumeric(self) -> np.ndarray:
        """bool[words]: the first character is a letter or a digit (``str.isalnum``): DCLM's idea of a word."""
        return self._starts_alphanumeric.values

    @property
    def hash(self) -> np.ndarray:
        """uint64[words]: xxh3-64 of the UTF-8 bytes; the same in every process."""
        return self._hash.values

    @property
    def join_hash(self) -> np.ndarray:
        """uint64[words]: a hash that follows concatenation, see `filters.lexing.concatenation`."""
        return self._join_hash.values

    @property
    def join_power(self) -> np.ndarray:
        """uint64[words]: the power that goes with `join_hash`."""
        return self._join_power.values

    @property
    def chunks(self) -> int:
        """Number of distinct chunks met so far."""
        return len(self._chunk_ids)

    def find(self, words: Iterable[str]) -> np.ndarray:
        """int32: the id of each word, -1 for one that was never met."""
        return np.array([self._word_ids.get(word, -1) for word in words], np.int32)

    def membership(self, words: Iterable[str]) -> np.ndarray:
        """bool[words]: the word is one of ``words``."""
        found = self.find(words)
        member = np.zeros(len(self.strings), np.bool_)
        # Another thread may be adding words right now; those are in no text that was lexed before.
        member[found[(found >= 0) & (found < len(member))]] = True
        return member

    def words_of(self, chunks: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """The word ids of each chunk as (ids int32[all words], ends int64[chunks]); unseen chunks are split now."""
        positions = np.fromiter(map(self._chunk_ids.get, chunks, repeat(-1)), np.int64, len(chunks))
        unseen = np.flatnonzero(positions < 0)
        if len(unseen):
            positions[unseen] = self._learn([chunks[i] for i in unseen.tolist()])
        ends = self._chunk_ends.values
        starts = np.concatenate(([0], ends))[positions]
        counts = ends[positions] - starts
        return gather(self._chunk_words.values, starts, counts), np.cumsum(counts)

    def _learn(self, chunks: Sequence[str]) -> range:
        """Split new, distinct chunks; returns their numbers."""
        ids: list[int] = []
        ends: list[int] = []
        new: list[str] = []
        base, word_ids = len(self._chunk_words.values), self._word_ids
        for words in list(self._split(chunks)):  # all before anything changes: a splitter may raise
            for word in words:
                number = word_ids.get(word)
                if number is None:
                    number = word_ids[word] = len(word_ids)
                    new.append(word)
                ids.append(number)
            ends.append(base + len(ids))
        self._describe(new)
        self._chunk_words.extend(ids)
        self._chunk_ends.extend(ends)
        numbers = range(len(self._chunk_ids), len(self._chunk_ids) + len(chunks))
        self._chunk_ids.update(zip(chunks, numbers, strict=True))
        return numbers

    def _describe(self, words: Sequence[str]) -> None:
        self._length.extend([len(word) for word in words])
        self._has_alpha.extend([word.isalpha() or any(map(str.isalpha, word)) for word in words])
        self._is_punctuation.extend([PUNCTUATION.issuperset(word) for word in words])
        self._starts_alphanumeric.extend([word[0].isalnum() for word in words])
        encoded = [word.encode() for word in words]
        self._hash.extend([xxhash.xxh3_64_intdigest(word) for word in encoded])
        ends = np.cumsum([0, *map(len, encoded)])
        hashes, powers = text_hashes(np.frombuffer(b"".join(encoded), np.uint8), ends)
        self._join_hash.extend(hashes)
        self._join_power.extend(powers)
        self.strings.extend(words)


def gather(values: np.ndarray, starts: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """The slices ``values[starts[i] : starts[i] + counts[i]]``, one after the other."""
    ends = np.cumsum(counts)
    total = int(ends[-1]) if len(ends) else 0
    return values[np.repeat(starts - (ends - counts), counts) + np.arange(total)]
