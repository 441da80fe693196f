"""Documents across shards: as nodes (``shard << 32 | row``), and as numbers that count through all shards."""

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.clusters.pairs import Integers
from filters.kernel import kernel

ROW_BITS = 32
Nodes = npt.NDArray[np.uint64]


class UnknownNodeError(ValueError):
    """An edge names a document that no shard has."""


def shard_offsets(rows_per_shard: npt.ArrayLike) -> Integers:
    """int64[shards + 1]: the number of each shard's first document, and last how many documents there are."""
    rows = np.asarray(rows_per_shard, np.int64)
    offsets = np.zeros(len(rows) + 1, np.int64)
    np.cumsum(rows, out=offsets[1:])
    return offsets


def dense_numbers(nodes: Nodes, offsets: Integers) -> Integers:
    """The numbers (int64[n]) of nodes (uint64[n]).

    Raises UnknownNodeError for a node that no shard has.
    """
    numbers = _numbers(nodes, offsets)
    unknown = np.flatnonzero(numbers < 0)
    if len(unknown):
        node = int(nodes[unknown[0]])
        raise UnknownNodeError(
            f"an edge names row {node & 0xFFFFFFFF} of shard {node >> ROW_BITS}, which is not among the "
            f"{offsets[-1]:,} documents of {len(offsets) - 1} shards: the edges belong to other shards"
        )
    return numbers


def nodes_of(numbers: npt.NDArray[np.integer], offsets: Integers) -> Nodes:
    """The nodes (uint64[n]) of numbers below ``offsets[-1]``."""
    shards = np.searchsorted(offsets, numbers, side="right") - 1
    return (shards.astype(np.uint64) << np.uint64(ROW_BITS)) | (numbers - offsets[shards]).astype(np.uint64)


@kernel
def _numbers(nodes: Nodes, offsets: Integers) -> Integers:
    numbers = np.empty(len(nodes), np.int64)
    for i in range(len(nodes)):
        shard, row = int(nodes[i] >> uint64(32)), int(nodes[i] & uint64(0xFFFFFFFF))
        known = shard < len(offsets) - 1 and row < offsets[shard + 1] - offsets[shard]
        numbers[i] = offsets[shard] + row if known else -1
    return numbers
