"""Where documents hold n-grams of an index."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import int64, uint64

from filters.kernel import inlined, kernel
from filters.lexing.hashed_words import HashedWords
from filters.ngrams.hashing import PREFIX, Hashes, Integers, mix, pair
from filters.ngrams.index import NgramIndex

Unsigned = npt.NDArray[np.unsignedinteger]

BLOCK = 1024
"""Places of a document that are looked at together."""


@dataclass(frozen=True)
class Hits:
    """The n-grams found in some documents, in the order of documents and places; int64[hits] each."""

    document: np.ndarray
    """Position of the document."""
    word: np.ndarray
    """Its word, counted from its own first word, at which the n-gram begins."""
    ngram: np.ndarray
    """The n-gram's number in the index."""

    def __len__(self) -> int:
        return len(self.document)

    def select(self, keep: np.ndarray) -> "Hits":
        """Only the hits where ``keep`` (bool[hits]) is true, or at these positions (int64)."""
        return Hits(self.document[keep], self.word[keep], self.ngram[keep])


def find_hits(words: HashedWords, index: NgramIndex) -> Hits:
    """Every n-gram of ``index`` in every document.

    A sequence of fewer than four words is found only where it is all that a document has.
    """
    if not index.ngrams:
        nothing = np.empty(0, np.int64)
        return Hits(nothing, nothing, nothing)
    table = (index.prefixes, index.prefix_directory, index.prefix_lengths)
    ngrams = (index.hashes, index.directory, index.lengths)
    return Hits(*_find((words.hash, words.offsets), index.filter, table, ngrams))


@kernel
def _find(
    documents: tuple[Hashes, Integers],
    prefix_filter: Hashes,
    prefixes: tuple[Hashes, Unsigned, Hashes],
    ngrams: tuple[Hashes, Unsigned, Unsigned],
) -> tuple[Integers, Integers, Integers]:
    words, offsets = documents
    prefix_hashes, prefix_directory, prefix_lengths = prefixes
    hashes, directory, lengths = ngrams
    prefix_shift, shift = _shift(len(prefix_directory) - 1), _shift(len(directory) - 1)
    places, values = np.empty(BLOCK, np.int64), np.empty(BLOCK, np.uint64)
    found = np.empty((3, 1024), np.int64)
    count = 0
    for document in range(len(offsets) - 1):
        start, end = int(offsets[document]), int(offsets[document + 1])
        # A document of fewer than four words is looked up as a whole; an empty one is nothing.
        behind = end - PREFIX + 1 if end - start >= PREFIX else min(start + 1, end)
        for block in range(start, behind, BLOCK):
            passed = _filter(words, (block, min(block + BLOCK, behind), end), prefix_filter, places, values)
            for candidate in range(passed):
                at, value = places[candidate], values[candidate]
                prefix = _number(value, prefix_shift, prefix_hashes, prefix_directory)
                if prefix < 0:
                    continue
                n = min(end - start, PREFIX)
                following = prefix_lengths[prefix] >> uint64(n)
                while following and at + n <= end:
                    ngram = _number(value, shift, hashes, directory) if following & uint64(1) else -1
                    if ngram >= 0 and lengths[ngram] == n:
                        if count == found.shape[1]:
                            found = _grown(found)
                        found[0, count], found[1, count], found[2, count] = document, at - start, ngram
                        count += 1
                    if at + n < end:
                        value = mix(value, words[int(at + n)])
                    following >>= uint64(1)
                    n += 1
    return found[0, :count].copy(), found[1, :count].copy(), found[2, :count].copy()


@kernel
def _filter(words: Hashes, span: tuple[int, int, int], prefix_filter: Hashes, places: Integers, values: Hashes) -> int:
    """Write the places from ``span[0]`` to ``span[1]`` whose prefix passes, and its hash; returns their number.

    Without a branch, so that the processor waits for many words of the filter at once: two to four times faster. The
    document ends at ``span[2]``.
    """
    first_place, behind, end = span
    shift = _shift(len(prefix_filter))
    first, second = pair(words, first_place, end), pair(words, first_place + 1, end)
    passed = 0
    for at in range(first_place, behind):
        third = pair(words, at + 2, end)
        value = mix(first, third)
        first, second = second, third
        bits = prefix_filter[value >> shift]
        places[passed], values[passed] = at, value
        passed += int64((bits >> (value & uint64(63))) & (bits >> ((value >> uint64(6)) & uint64(63))) & uint64(1))
    return passed


@inlined
def _number(value: np.uint64, shift: np.uint64, hashes: Hashes, directory: Unsigned) -> int:
    """Where a hash stands in ``hashes``, -1 where it does not."""
    place = value >> shift
    for number in range(int64(directory[place]), int64(directory[place + uint64(1)])):
        if hashes[number] == value:
            return number
    return -1


@kernel
def _shift(places: int) -> np.uint64:
    """By how much a hash is shifted to be below ``places``, a power of two."""
    bits = 0
    while (1 << bits) < places:
        bits += 1
    return uint64(64 - bits)


@kernel
def _grown(found: Integers) -> Integers:
    larger = np.empty((3, 2 * found.shape[1]), np.int64)
    larger[:, : found.shape[1]] = found
    return larger
