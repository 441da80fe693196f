"""The runs of k words around anchors, with a 122-bit hash each."""

import numpy as np
from numba import uint64

from filters.kernel import kernel
from filters.lexing.characters import Integers
from filters.lexing.hashed_words import HashedWords
from filters.repeats.rolling import FIRST_BASE, SECOND_BASE, Hashes, first_hash, next_hash, power


def windows_around(
    words: HashedWords, document: Integers, position: Integers, k: int, size: int
) -> tuple[Hashes, Hashes, Integers, Integers]:
    """All runs of ``k`` words that hold one of the anchors (``size`` words), each once.

    Anchors: int64 each, sorted by document, then position. Returns (high uint64, low uint64, document int64, position
    int64): two hashes below 2^61 and the first word within the document.
    """
    return _windows(words.hash, words.offsets, (document, position), k, size)


@kernel
def _windows(
    words: Hashes, offsets: Integers, anchors: tuple[Integers, Integers], k: int, size: int
) -> tuple[Hashes, Hashes, Integers, Integers]:
    documents, positions = anchors
    bases = (uint64(FIRST_BASE), power(uint64(FIRST_BASE), k))
    second_bases = (uint64(SECOND_BASE), power(uint64(SECOND_BASE), k))
    most = min(len(words), len(documents) * (k - size + 1))
    high, low = np.empty(most, np.uint64), np.empty(most, np.uint64)
    where, start = np.empty(most, np.int64), np.empty(most, np.int64)
    found = 0
    for anchor in range(len(documents)):
        document = documents[anchor]
        begin = int(offsets[document])
        first = max(0, positions[anchor] + size - k)
        last = min(positions[anchor], offsets[document + 1] - begin - k)
        goes_on = found > 0 and where[found - 1] == document and start[found - 1] + 1 >= first
        if goes_on:
            first = start[found - 1] + 1
        for window in range(first, last + 1):
            word = begin + window
            if goes_on or window > first:
                leaving, entering = words[word - 1], words[word + k - 1]
                high[found] = next_hash(high[found - 1], leaving, entering, bases)
                low[found] = next_hash(low[found - 1], leaving, entering, second_bases)
            else:
                high[found] = first_hash(words[word : word + k], bases[0])
                low[found] = first_hash(words[word : word + k], second_bases[0])
            where[found], start[found] = document, window
            found += 1
    return high[:found], low[:found], where[:found], start[:found]
