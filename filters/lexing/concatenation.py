"""A hash of text that follows concatenation: the hash of two texts joined comes from the hashes of the two.

A text is a number in base `BASE` whose digits are its UTF-8 bytes, modulo the prime 2^61 - 1 (Karp and Rabin 1987,
https://doi.org/10.1147/rd.312.0249). Two different texts of b bytes collide with probability about b / 2^61.
"""

import numpy as np
from numba import uint64

from filters.kernel import inlined, kernel

MODULUS = (1 << 61) - 1
BASE = 1_290_361_937_462_815_613


@inlined
def multiply(left: np.uint64, right: np.uint64) -> np.uint64:
    """``left * right`` modulo 2^61 - 1, of two uint64 below it."""
    left_high, left_low = left >> uint64(31), left & uint64(0x7FFFFFFF)
    right_high, right_low = right >> uint64(31), right & uint64(0x7FFFFFFF)
    middle = left_low * right_high + left_high * right_low
    folded = (middle >> uint64(30)) + ((middle & uint64(0x3FFFFFFF)) << uint64(31))
    return reduce(uint64(2) * left_high * right_high + folded + left_low * right_low)


@inlined
def reduce(value: np.uint64) -> np.uint64:
    """A uint64 modulo 2^61 - 1."""
    value = (value & uint64(MODULUS)) + (value >> uint64(61))
    return value - uint64(MODULUS) if value >= uint64(MODULUS) else value


@kernel
def text_hashes(data: np.ndarray, offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each text ``data[offsets[i]:offsets[i + 1]]`` (uint8), its hash and the power that makes room for it.

    Both are uint64[texts]; ``hash(a + b) == reduce(multiply(hash(a), power(b)) + hash(b))``.
    """
    count = len(offsets) - 1
    hashes, powers = np.zeros(count, np.uint64), np.ones(count, np.uint64)
    for text in range(count):
        for position in range(offsets[text], offsets[text + 1]):
            # A byte is never the digit 0, or "\x00" would be as good as nothing.
            digit = uint64(data[position]) + uint64(1)
            hashes[text] = reduce(multiply(hashes[text], uint64(BASE)) + digit)
            powers[text] = multiply(powers[text], uint64(BASE))
    return hashes, powers
