"""Sums over the blocks of equal keys, in a table of open addressing."""

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import kernel

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int32]
SPREAD = 0x9E3779B97F4A7C15


@kernel
def group(keys: Keys) -> tuple[Places, int]:
    """int32[keys]: the group of each key, numbered as they first occur; and how many groups there are."""
    size = 4
    while size < 2 * len(keys):
        size *= 2
    table = np.full(size, -1, np.int32)
    numbers = np.empty(len(keys), np.int32)
    groups = 0
    for place in range(len(keys)):
        slot = ((keys[place] * uint64(SPREAD)) >> uint64(20)) & uint64(size - 1)
        while table[slot] >= 0 and keys[table[slot]] != keys[place]:
            slot = (slot + uint64(1)) & uint64(size - 1)
        if table[slot] < 0:
            table[slot] = place
            numbers[place] = groups
            groups += 1
        else:
            numbers[place] = numbers[table[slot]]
    return numbers, groups


@kernel
def sums(numbers: Places, groups: int, values: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """float32[groups]: the sum of the ``values`` of each group."""
    result = np.zeros(groups, np.float32)
    for place in range(len(numbers)):
        result[numbers[place]] += values[place]
    return result
