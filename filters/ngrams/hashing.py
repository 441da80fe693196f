"""The hash of a sequence of words, which grows word by word from its first four.

H(a, b, c, d) = mix(mix(a, b), mix(c, d)), and each further word w makes it mix(H, w). All n-grams that begin with the
same four words share the first step, so that one look-up a position tells where nothing can be found. ``mix`` is not
symmetric: the same words in another order have another hash.

Chance: 10^12 positions against an index of 10^7 n-grams give 10^19 pairs, and 2^64 is 1.8 * 10^19, so that a corpus of
a trillion words meets about one passage by accident. That is fewer than a single document in a billion: nobody checks
the words again.
"""

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import inlined, kernel

Hashes = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.signedinteger]

PREFIX = 4
"""Words that every n-gram has; shorter sequences are filled up with zeros, the hash that no word has."""


@inlined
def mix(left: np.uint64, right: np.uint64) -> np.uint64:
    """A uint64 from two in order: multiplications by odd constants, and the finaliser of SplitMix64.

    Source: Steele, Lea and Flood 2014, https://doi.org/10.1145/2714064.2660195.
    """
    value = left * uint64(0x9E3779B97F4A7C15) + (right ^ (right >> uint64(32))) * uint64(0xD6E8FEB86659FD93)
    value = (value ^ (value >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> uint64(27))) * uint64(0x94D049BB133111EB)
    return value ^ (value >> uint64(31))


@inlined
def pair(words: Hashes, at: int, end: int) -> np.uint64:
    """The word at ``at`` and the next one mixed; zero, the hash of no word, stands for one at or behind ``end``."""
    return mix(words[at] if at < end else uint64(0), words[at + 1] if at + 1 < end else uint64(0))


@kernel
def sequence_hashes(words: Hashes, starts: Integers, lengths: Integers) -> tuple[Hashes, Hashes]:
    """Of every sequence ``words[starts[i] : starts[i] + lengths[i]]``, its hash and that of its first four words.

    ``words`` is uint64, ``starts`` and ``lengths`` (from 1) int64; both results are uint64[sequences].
    """
    hashes, prefixes = np.empty(len(starts), np.uint64), np.empty(len(starts), np.uint64)
    for i in range(len(starts)):
        start, end = int(starts[i]), int(starts[i] + lengths[i])
        value = mix(pair(words, start, end), pair(words, start + 2, end))
        prefixes[i] = value
        for word in range(start + PREFIX, end):
            value = mix(value, words[word])
        hashes[i] = value
    return hashes, prefixes
