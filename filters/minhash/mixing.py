"""A 64-bit hash made from several: order counts, and every bit of the input changes half of the output."""

import numpy as np
from numba import uint64

from filters.kernel import inlined


@inlined
def mix(value: np.uint64) -> np.uint64:
    """MurmurHash3's finaliser for 64 bits (https://github.com/aappleby/smhasher), a permutation."""
    value = (value ^ (value >> uint64(33))) * uint64(0xFF51AFD7ED558CCD)
    value = (value ^ (value >> uint64(33))) * uint64(0xC4CEB9FE1A85EC53)
    return value ^ (value >> uint64(33))


@inlined
def join(key: np.uint64, value: np.uint64) -> np.uint64:
    """``key``, the hash of what came before, with one more 64-bit hash."""
    key = (key ^ value) * uint64(0x9E3779B97F4A7C15)
    return key ^ (key >> uint64(32))
