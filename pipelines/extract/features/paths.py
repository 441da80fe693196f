"""What the elements around a block say: the weights of their names, and a signature of their path."""

import numpy as np
import numpy.typing as npt
from numba import uint32, uint64

from filters.kernel import kernel, leaf
from pipelines.extract.blocks.parse import Integer
from pipelines.extract.blocks.tags import PRIME
from pipelines.extract.blocks.tokens import KIND, NUMBER, OPEN, PARENT, WORDS, Table

Weights = tuple[npt.NDArray[np.uint32], npt.NDArray[np.float32]]
"""Hashes of words (uint32[slots], a power of two of slots, 0: none), and their weights (float32[slots])."""
Paths = npt.NDArray[np.float32]

OWN, SUM, LEAST, MOST = range(4)
"""Columns of ``path_weights``."""


def weight_table(hashes: npt.NDArray[np.uint32], weights: npt.NDArray[np.float32]) -> Weights:
    """A table of open addressing, at most a quarter full."""
    slots = 4
    while slots < 4 * len(hashes):
        slots *= 2
    keys, values = np.zeros(slots, np.uint32), np.zeros(slots, np.float32)
    for key, value in zip(hashes.tolist(), weights.tolist(), strict=True):
        slot = key & (slots - 1)
        while keys[slot]:
            slot = (slot + 1) & (slots - 1)
        keys[slot], values[slot] = key, value
    return keys, values


@leaf
def tag_word(number: Integer) -> Integer:
    """The word (uint32) that stands for a tag."""
    return uint32((uint64(number + 1) * uint64(0x9E3779B97F4A7C15)) >> uint64(32))


@leaf
def _weight(keys: npt.NDArray[np.uint32], values: npt.NDArray[np.float32], key: Integer) -> np.float32:
    slot = np.int64(key) & (len(keys) - 1)
    while keys[slot] != 0:
        if keys[slot] == key:
            return values[slot]
        slot = (slot + 1) & (len(keys) - 1)
    return np.float32(0)


@kernel
def path_weights(
    tokens: Table, words: npt.NDArray[np.uint32], weights: Weights
) -> tuple[Paths, npt.NDArray[np.uint64]]:
    """float32[tokens, 4]: an OPEN token's own weight, and sum, least and most on the path to it; uint64[tokens]: a
    signature, equal for elements whose paths have the same tags and names."""
    count = len(tokens) - 1
    result = np.zeros((count, 4), np.float32)
    signature = np.zeros(count, np.uint64)
    _follow(tokens, words, weights, result, signature)
    return result, signature


@leaf
def _follow(
    tokens: Table,
    words: npt.NDArray[np.uint32],
    weights: Weights,
    result: Paths,
    signature: npt.NDArray[np.uint64],
) -> None:
    """Fill the rows of OPEN tokens; parents come before their children."""
    keys, values = weights
    for token in range(len(result)):
        if tokens[token, KIND] != OPEN:
            continue
        tag = tag_word(tokens[token, NUMBER])
        own = _weight(keys, values, tag)
        names = uint64(tag)
        for word in range(tokens[token, WORDS], tokens[token + 1, WORDS]):
            own += _weight(keys, values, words[word])
            names += uint64(words[word]) * uint64(PRIME)
        parent = tokens[token, PARENT]
        result[token, OWN] = own
        if parent < 0:
            result[token, SUM], result[token, LEAST], result[token, MOST] = own, own, own
            signature[token] = names * uint64(PRIME)
        else:
            result[token, SUM] = result[parent, SUM] + own
            result[token, LEAST] = min(result[parent, LEAST], own)
            result[token, MOST] = max(result[parent, MOST], own)
            mixed = (signature[parent] ^ names) * uint64(PRIME)
            signature[token] = mixed ^ (mixed >> uint64(31))
