"""The merges of a byte-pair encoding as tables, for the kernel that encodes segments by them."""

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.tokenize.cutting.kinds import CODE_POINTS
from pipelines.tokenize.cutting.words import EVERYTHING, Words

FREE: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
"""What no pair is: the mark of a free place."""
SPREAD: Final = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio (Knuth, The Art of Computer Programming, 6.4)."""

BYTES: Final = 256

Symbols = npt.NDArray[np.int32]


class Merges(NamedTuple):
    """What a text is cut into first, and which two neighbours become one, the lowest rank first, then the leftmost."""

    pairs: npt.NDArray[np.uint64]
    """Open-addressed set of ``left << 32 | right``; its length is a power of two, `FREE` where nothing is."""
    ranks: Symbols
    """The rank of each pair of ``pairs``."""
    results: Symbols
    """The id that it becomes."""
    characters: Symbols
    """int32[CODE_POINTS]: the id of a character; -1: it is cut into its bytes."""
    bytes: Symbols
    """int32[256]: the id of a byte."""
    words: Words
    """Which segments are encoded as one; the others are left to the library."""


def make_merges(
    ranked: Iterable[tuple[int, int, int, int]],
    characters: Mapping[int, int],
    byte_ids: Iterable[int],
    words: Words = EVERYTHING,
) -> Merges:
    """Tables for merges of (left id, right id, rank, id of both), ids by code point, and the ids of the 256 bytes."""
    merges = np.array(list(ranked), np.int64).reshape(-1, 4)
    keys = merges[:, 0].astype(np.uint64) << np.uint64(32) | merges[:, 1].astype(np.uint64)
    size = 1 << max(4, int(3 * len(keys)).bit_length())
    pairs, ranks, results = np.full(size, FREE), np.zeros(size, np.int32), np.zeros(size, np.int32)
    places = ((keys * np.uint64(SPREAD)) >> np.uint64(32)) & np.uint64(size - 1)
    left = np.arange(len(keys))
    while len(left):  # all at once: those that find a place that is taken look at the next
        free = left[pairs[places[left]] == FREE]
        pairs[places[free]] = keys[free]  # of two for one place, the later is there
        settled = free[pairs[places[free]] == keys[free]]
        ranks[places[settled]], results[places[settled]] = merges[settled, 2], merges[settled, 3]
        left = np.setdiff1d(left, settled, assume_unique=True)
        places[left] = (places[left] + np.uint64(1)) & np.uint64(size - 1)
    by_character = np.full(CODE_POINTS, -1, np.int32)
    by_character[list(characters)] = list(characters.values())
    return Merges(pairs, ranks, results, by_character, np.array(list(byte_ids), np.int32), words)
