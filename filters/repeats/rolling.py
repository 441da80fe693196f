"""Hashes of word n-grams that move on by one word in constant time (Karp and Rabin 1987).

An n-gram is a number whose digits are the words' hashes, in a base near 2^61, modulo the prime 2^61 - 1.
"""

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import inlined, kernel
from filters.lexing.concatenation import MODULUS, multiply, reduce

Hashes = npt.NDArray[np.uint64]

FIRST_BASE, SECOND_BASE = 1_290_361_937_462_815_613, 1_742_853_194_117_345_251
"""Different n-grams of n words have one hash with a probability of n / 2^61, and the same two with its square."""


@kernel
def power(base: np.uint64, exponent: int) -> np.uint64:
    """``base ** exponent`` modulo 2^61 - 1."""
    result = uint64(1)
    for _ in range(exponent):
        result = multiply(result, base)
    return result


@kernel
def first_hash(words: Hashes, base: np.uint64) -> np.uint64:
    """The hash of all of ``words``, below 2^61."""
    value = uint64(0)
    for word in words:
        value = reduce(multiply(value, base) + reduce(word))
    return value


@inlined
def next_hash(
    value: np.uint64, leaving: np.uint64, entering: np.uint64, bases: tuple[np.uint64, np.uint64]
) -> np.uint64:
    """The hash after a word leaves at the front and one enters at the end; ``bases``: the base, and its n-th power."""
    base, highest = bases
    out = multiply(reduce(leaving), highest)
    # Numbers without a sign: to subtract is to add what is missing to the modulus.
    return reduce(reduce(multiply(value, base) + reduce(entering)) + (uint64(MODULUS) - out))
