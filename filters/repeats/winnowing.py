"""Anchors: a few places of each text, chosen by what stands there, so that equal passages have one in common.

Winnowing (Schleimer, Wilkerson, Aiken 2003, https://doi.org/10.1145/872757.872770): of the word n-grams in every window
one with the smallest hash is chosen. Two passages of k equal words have the same windows, and so a common anchor.
"""

import numpy as np
from numba import uint64

from filters.gopher.kernels import SPREAD
from filters.kernel import inlined, kernel
from filters.lexing.characters import Integers
from filters.lexing.hashed_words import HashedWords
from filters.repeats.rolling import FIRST_BASE, Hashes, first_hash, next_hash, power


def anchor_size(k: int) -> int:
    """Words in an anchor that finds all passages of ``k`` words.

    Half of them: longer anchors repeat less often by chance, shorter ones leave more n-grams to choose from and so
    are fewer.
    """
    return k // 2


def winnow(words: HashedWords, k: int) -> tuple[Hashes, Integers, Integers]:
    """The anchors of each document with at least ``k`` words: (hash uint64, document int64, position int64).

    An anchor is `anchor_size` words from ``position`` on (a word of the document). Every k words in a row hold an
    anchor whose hash depends on these words only. On average 2 in k - k // 2 + 2 words start one: 7.4 % with k = 50;
    where words repeat in a short cycle, all do.
    """
    return _winnow(words.hash, words.offsets, k, anchor_size(k))


@kernel
def _winnow(words: Hashes, offsets: Integers, k: int, size: int) -> tuple[Hashes, Integers, Integers]:
    window = k - size + 1
    bases = (uint64(FIRST_BASE), power(uint64(FIRST_BASE), size))
    ngrams = np.empty(max(1, np.max(offsets[1:] - offsets[:-1])) if len(offsets) > 1 else 1, np.uint64)
    hashes = np.empty(len(words), np.uint64)
    documents, positions = np.empty(len(words), np.int64), np.empty(len(words), np.int64)
    found = 0
    for document in range(len(offsets) - 1):
        begin = int(offsets[document])
        count = offsets[document + 1] - begin - size + 1
        if count < window:
            continue
        value = first_hash(words[begin : begin + size], bases[0])
        ngrams[0] = _mix(value)
        for i in range(1, count):
            value = next_hash(value, words[begin + i - 1], words[begin + i + size - 1], bases)
            ngrams[i] = _mix(value)
        chosen = -1
        for last in range(window - 1, count):
            before = chosen
            # Of equal hashes the last, not the one chosen before (the paper's robust winnowing): what is chosen must
            # depend on nothing but the window, or two passages that overlap could share their one anchor.
            if chosen <= last - window:
                chosen = last - window + 1
                for i in range(chosen + 1, last + 1):
                    if ngrams[i] <= ngrams[chosen]:
                        chosen = i
            elif ngrams[last] <= ngrams[chosen]:
                chosen = last
            if chosen != before:
                hashes[found], documents[found], positions[found] = ngrams[chosen], document, chosen
                found += 1
    return hashes[:found].copy(), documents[:found].copy(), positions[:found].copy()


@inlined
def _mix(value: np.uint64) -> np.uint64:
    """Spread over all 64 bits: the smallest hash must be any n-gram's with the same probability."""
    value = (value ^ (value >> uint64(31))) * uint64(SPREAD)
    return value ^ (value >> uint64(29))
