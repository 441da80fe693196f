"""The sequences of a window: documents that follow each other in the reading order, packed together."""

from typing import Literal, get_args

import numpy as np
from numba import uint64

from filters.kernel import kernel
from filters.minhash.mixing import join, mix
from filters.packing.best_fit import best_fit
from filters.packing.concatenate import concatenate_and_split
from filters.packing.pieces import Hashes, Integers, Packing

Method = Literal["best-fit", "concatenate"]
METHODS: tuple[Method, ...] = get_args(Method)


def pack_window(lengths: Integers, chances: Hashes, method: Method, sequence_length: int) -> Packing:
    """Documents of ``lengths`` (int64, in reading order) as sequences in reading order.

    Best fit begins with the longest documents, so its sequences are shuffled, by ``chances`` (uint64, one for each
    document). Concatenation keeps the order that it is given.
    """
    if method == "concatenate":
        return concatenate_and_split(lengths, sequence_length)
    packing = best_fit(lengths, sequence_length)
    first = packing.first[:-1]
    chance = _of_sequences(chances[packing.pieces.document[first]], packing.pieces.offset[first])
    return packing.reordered(np.argsort(chance, kind="stable"))


@kernel
def _of_sequences(chances: Hashes, offsets: Integers) -> Hashes:
    """By the first piece of each: pieces of one document must not follow each other."""
    found = np.empty(len(chances), np.uint64)
    for sequence in range(len(chances)):
        found[sequence] = mix(join(chances[sequence], uint64(offsets[sequence])))
    return found
