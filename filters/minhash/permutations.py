"""The hash functions of a MinHash signature, from a seed."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np


@dataclass(frozen=True)
class Permutations:
    """Permutations of the 32-bit integers: ``h -> multipliers[k] * h + increments[k]`` modulo 2^32.

    ``multipliers`` (uint32[permutations], all odd, so that no two hashes meet) and ``increments``
    (uint32[permutations]) are datasketch's ``a`` and ``b`` of the scheme ``affine32``
    (https://ekzhu.com/datasketch/minhash.html).
    """

    multipliers: np.ndarray
    increments: np.ndarray

    def __len__(self) -> int:
        return len(self.multipliers)


@lru_cache(4)
def permutations(count: int, seed: int) -> Permutations:
    """Those of ``datasketch.MinHash(num_perm=count, seed=seed)``, datasketch 2.

    NumPy's ``RandomState`` is frozen: a seed means the same numbers in every version
    (https://numpy.org/neps/nep-0019-rng-policy.html).
    """
    random = np.random.RandomState(seed)
    multipliers = random.randint(0, 1 << 31, count, dtype=np.uint32) * np.uint32(2) + np.uint32(1)
    increments = random.randint(0, 1 << 32, count, dtype=np.uint32)
    multipliers.flags.writeable = increments.flags.writeable = False  # they are shared
    return Permutations(multipliers, increments)
