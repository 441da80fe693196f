"""Connected components with all nodes in memory, four bytes each; edges stream through in any order.

Union towards the smallest node with path halving (Tarjan and van Leeuwen 1984, "Worst-case analysis of set union
algorithms"): the root of a component is its smallest member, whatever the order of the edges.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from numba import uint32

from filters.clusters.nodes import Nodes, dense_numbers, nodes_of, shard_offsets
from filters.clusters.pairs import Integers
from filters.kernel import inlined, kernel

MOST_NODES = 2**32

Numbers = npt.NDArray[np.uint32]


class TooManyNodesError(ValueError):
    """More documents than four bytes can number."""


class UnionFind:
    """Components of documents, which are nodes ``shard << 32 | row``.

    Memory: 4 bytes a document and 8 a shard, 16 for each edge of a call; while components are read, one bit a document
    more, and 36 bytes for each document of one shard.
    """

    def __init__(self, rows_per_shard: npt.ArrayLike) -> None:
        """``rows_per_shard`` (int64[shards]) counts the documents of each shard, zero allowed.

        Raises TooManyNodesError for more than 2^32 documents.
        """
        self._offsets = shard_offsets(rows_per_shard)
        nodes = int(self._offsets[-1])
        if nodes > MOST_NODES:
            raise TooManyNodesError(
                f"{nodes:,} documents are more than union-find can number ({MOST_NODES:,}): use star rounds"
            )
        self._parents = np.arange(nodes, dtype=np.uint32)

    def union(self, first: Nodes, second: Nodes) -> None:
        """Join the components of both ends of each edge (uint64[edges] each).

        Raises UnknownNodeError for a node that is in no shard, and ``ValueError`` for arrays of different lengths.
        """
        if len(first) != len(second):
            raise ValueError(f"{len(first)} first and {len(second)} second ends do not make edges")
        _unite(self._parents, dense_numbers(first, self._offsets), dense_numbers(second, self._offsets))

    def components(self) -> Iterator[tuple[Numbers, Nodes]]:
        """For each shard its documents in components of two or more: rows (uint32, rising) and components (uint64).

        A component is named by its smallest node.
        """
        joined = _flatten(self._parents)
        for shard in range(len(self._offsets) - 1):
            start, end = self._offsets[shard], self._offsets[shard + 1]
            rows = _members(self._parents[start:end], joined, start)
            yield rows, nodes_of(self._parents[start:end][rows], self._offsets)


@kernel
def _unite(parents: Numbers, first: Integers, second: Integers) -> None:
    for edge in range(len(first)):
        low, high = _root(parents, first[edge]), _root(parents, second[edge])
        if low > high:
            low, high = high, low
        parents[high] = uint32(low)


@inlined
def _root(parents: Numbers, number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = int(parents[number])
    return number


@kernel
def _flatten(parents: Numbers) -> npt.NDArray[np.uint8]:
    """Point every node to its root; a bit for each node says whether others point to it.

    One pass does: a parent is never larger than its child, so it points to the root before the child is looked at.
    """
    joined = np.zeros((len(parents) + 7) // 8, np.uint8)
    for number in range(len(parents)):
        root = parents[parents[number]]
        parents[number] = root
        if root != number:
            joined[root >> 3] |= 1 << (root & 7)
    return joined


@kernel
def _members(parents: Numbers, joined: npt.NDArray[np.uint8], start: int) -> Numbers:
    """Rows of a shard whose numbers begin at ``start``: those that point to another node, or that others point to."""
    count = 0
    rows = np.empty(len(parents), np.uint32)
    for row in range(len(parents)):
        number = start + row
        if parents[row] != number or joined[number >> 3] >> (number & 7) & 1:
            rows[count] = row
            count += 1
    return rows[:count].copy()
