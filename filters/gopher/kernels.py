"""Counts of repeated elements and word n-grams, document by document, over the integers of a lexed batch."""

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import inlined, kernel, leaf
from filters.lexing.concatenation import multiply, reduce

Integers = npt.NDArray[np.signedinteger]
Hashes = npt.NDArray[np.uint64]

SPREAD = 0x9E3779B97F4A7C15
"""2^64 divided by the golden ratio: multiplying by it spreads keys over a table (Knuth, volume 3, section 6.4)."""


@kernel
def duplicates(ids: Integers, lengths: Integers, offsets: Integers) -> tuple[Integers, Integers]:
    """Of each document, how many elements repeat an earlier one, and their characters (int64[documents] each).

    ``ids`` (int32[elements]) are equal for equal elements and below their number, ``lengths`` in characters.
    """
    documents = len(offsets) - 1
    count, characters = np.zeros(documents, np.int64), np.zeros(documents, np.int64)
    last_seen = np.full(ids.max() + 1 if len(ids) else 0, -1, np.int64)
    for document in range(documents):
        for element in range(offsets[document], offsets[document + 1]):
            if last_seen[ids[element]] == document:
                count[document] += 1
                characters[document] += lengths[element]
            last_seen[ids[element]] = document
    return count, characters


@kernel
def top_ngram_characters(hashes: Hashes, lengths: Integers, offsets: Integers, n: int) -> Integers:
    """int64[documents]: occurrences of the most frequent n-gram times its characters, words joined by one space.

    Of equally frequent n-grams the first counts; 0 where there are fewer than n words. ``hashes`` (uint64) and
    ``lengths`` (characters) are those of every word.
    """
    documents = len(offsets) - 1
    result = np.zeros(documents, np.int64)
    longest = _longest(offsets)
    table = np.empty(table_size(longest), np.int64)
    keys, counts = np.empty(longest, np.uint64), np.empty(longest, np.int64)
    for document in range(documents):
        start = int(offsets[document])
        ngrams = int(offsets[document + 1]) - start - n + 1
        if ngrams <= 0:
            continue
        size = table_size(ngrams)
        table[:size] = -1
        counts[:ngrams] = 0
        for i in range(ngrams):
            key = uint64(0)
            for word in range(start + i, start + i + n):
                key = (key ^ hashes[word]) * uint64(SPREAD)
                key ^= key >> uint64(29)
            keys[i] = key
            counts[find_or_add(table, size, keys, i)] += 1
        best = 0
        for i in range(1, ngrams):
            if counts[i] > counts[best]:
                best = i
        result[document] = counts[best] * (lengths[start + best : start + best + n].sum() + n - 1)
    return result


@kernel
def duplicate_ngram_characters(
    hashes: Hashes, powers: Hashes, lengths: Integers, offsets: Integers, sizes: tuple[int, int]
) -> Integers:
    """int64[sizes, documents]: characters in n-grams that occurred before, for n from ``sizes[0]`` to ``sizes[1]``.

    Reading goes on after a repeated n-gram, so no character counts twice. N-grams are equal when their words make
    the same text, joined by nothing. ``hashes`` and ``powers`` are every word's from `filters.lexing.concatenation`.
    """
    smallest, largest = sizes
    documents = len(offsets) - 1
    result = np.zeros((largest - smallest + 1, documents), np.int64)
    longest = _longest(offsets)
    table = np.empty(table_size(longest), np.int64)
    keys, ends = np.empty(longest, np.uint64), np.empty(longest + 1, np.int64)
    for document in range(documents):
        start = int(offsets[document])
        words = int(offsets[document + 1]) - start
        ends[0] = 0
        for i in range(words):
            ends[i + 1] = ends[i] + lengths[start + i]
            keys[i] = hashes[start + i]
        for n in range(2, largest + 1):
            ngrams = words - n + 1
            for i in range(ngrams):
                word = start + i + n - 1
                keys[i] = reduce(multiply(keys[i], powers[word]) + hashes[word])
            if n >= smallest and ngrams > 0:
                result[n - smallest, document] = _repeated_characters(table, keys, ends, ngrams, n)
    return result


@leaf
def _repeated_characters(table: Integers, keys: Hashes, ends: Integers, ngrams: int, n: int) -> int:
    size = table_size(ngrams)
    table[:size] = -1
    characters, i = 0, 0
    while i < ngrams:
        if find_or_add(table, size, keys, i) == i:
            i += 1
        else:
            characters += ends[i + n] - ends[i]
            i += n
    return characters


@inlined
def find_or_add(table: Integers, size: int, keys: Hashes, i: int) -> int:
    """The earliest element in the open-addressing ``table`` whose key is ``keys[i]``: i itself if it is new."""
    mask = uint64(size - 1)
    slot = ((keys[i] * uint64(SPREAD)) >> uint64(32)) & mask
    while table[slot] >= 0:
        if keys[table[slot]] == keys[i]:
            return int(table[slot])
        slot = (slot + uint64(1)) & mask
    table[slot] = i
    return i


@leaf
def table_size(elements: int) -> int:
    """A power of two that leaves at least half of the table free."""
    size = 2
    while size < 2 * elements:
        size *= 2
    return size


@leaf
def _longest(offsets: Integers) -> int:
    longest = 0
    for document in range(len(offsets) - 1):
        longest = max(longest, offsets[document + 1] - offsets[document])
    return longest
