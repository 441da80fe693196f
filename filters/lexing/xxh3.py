"""XXH3-64 of short byte strings inside kernels: what `xxhash.xxh3_64_intdigest` gives for 1 to 16 bytes.

Source: the specification of XXH3, sections for inputs of 1-3, 4-8 and 9-16 bytes, seed 0
(https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md).
"""

import numpy as np
from numba import njit, uint64

LONGEST = 16
"""Bytes of the longest string that `short_hash` takes."""

_SECRET = bytes.fromhex(
    "b8fe6c3923a44bbe7c01812cf721ad1cded46de9839097db7240a4a4b7b3671fcb79e64eccc0e578825ad07dccff7221b8084674f743248e"
)
_FLIP_3 = int.from_bytes(_SECRET[0:4], "little") ^ int.from_bytes(_SECRET[4:8], "little")
_FLIP_8 = int.from_bytes(_SECRET[8:16], "little") ^ int.from_bytes(_SECRET[16:24], "little")
_FLIP_16_LOW = int.from_bytes(_SECRET[24:32], "little") ^ int.from_bytes(_SECRET[32:40], "little")
_FLIP_16_HIGH = int.from_bytes(_SECRET[40:48], "little") ^ int.from_bytes(_SECRET[48:56], "little")


@njit(cache=True, nogil=True)
def short_hash(data: np.ndarray, length: int) -> np.uint64:
    """The hash (uint64) of ``data[:length]`` (uint8), ``length`` from 1 to 16."""
    if length <= 3:
        first, middle, last = uint64(data[0]), uint64(data[length >> 1]), uint64(data[length - 1])
        value = (first << uint64(16)) | (middle << uint64(24)) | last | (uint64(length) << uint64(8))
        value ^= uint64(_FLIP_3)
        value = (value ^ (value >> uint64(33))) * uint64(0xC2B2AE3D27D4EB4F)
        value = (value ^ (value >> uint64(29))) * uint64(0x165667B19E3779F9)
        return value ^ (value >> uint64(32))
    if length <= 8:
        value = (_read(data, length - 4, 4) + (_read(data, 0, 4) << uint64(32))) ^ uint64(_FLIP_8)
        value ^= _rotated(value, 49) ^ _rotated(value, 24)
        value *= uint64(0x9FB21C651E98DF25)
        value = (value ^ ((value >> uint64(35)) + uint64(length))) * uint64(0x9FB21C651E98DF25)
        return value ^ (value >> uint64(28))
    low = _read(data, 0, 8) ^ uint64(_FLIP_16_LOW)
    high = _read(data, length - 8, 8) ^ uint64(_FLIP_16_HIGH)
    value = uint64(length) + _swapped(low) + high + _folded_product(low, high)
    value = (value ^ (value >> uint64(37))) * uint64(0x165667919E3779F9)
    return value ^ (value >> uint64(32))


@njit(cache=True, nogil=True, inline="always")
def _read(data: np.ndarray, start: int, size: int) -> np.uint64:
    """``size`` bytes as a number, the lowest first."""
    value = uint64(0)
    for position in range(size):
        value |= uint64(data[start + position]) << uint64(8 * position)
    return value


@njit(cache=True, nogil=True, inline="always")
def _rotated(value: np.uint64, bits: int) -> np.uint64:
    return (value << uint64(bits)) | (value >> uint64(64 - bits))


@njit(cache=True, nogil=True)
def _swapped(value: np.uint64) -> np.uint64:
    """The bytes in the other order."""
    result = uint64(0)
    for _ in range(8):
        result = (result << uint64(8)) | (value & uint64(0xFF))
        value >>= uint64(8)
    return result


@njit(cache=True, nogil=True)
def _folded_product(left: np.uint64, right: np.uint64) -> np.uint64:
    """The two halves of the 128-bit product, xored."""
    half = uint64(0xFFFFFFFF)
    left_low, left_high = left & half, left >> uint64(32)
    right_low, right_high = right & half, right >> uint64(32)
    lowest = left_low * right_low
    middle = left_high * right_low + (lowest >> uint64(32))
    crossed = left_low * right_high + (middle & half)
    high = left_high * right_high + (middle >> uint64(32)) + (crossed >> uint64(32))
    low = (crossed << uint64(32)) | (lowest & half)
    return high ^ low
