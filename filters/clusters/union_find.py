"""Connected components with all nodes in memory, four bytes each; edges stream through in any order.

Union towards the smallest node with path halving (Tarjan and van Leeuwen 1984, "Worst-case analysis of set union
algorithms"): the root of a component is its smallest member, whatever the order of the edges.
"""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
from numba import njit, uint32, uint64

from filters.clusters.pairs import Integers

MOST_NODES = 2**32
ROW_BITS = 32
"""A node is ``shard << 32 | row``."""

Nodes = npt.NDArray[np.uint64]
Parents = npt.NDArray[np.uint32]


class TooManyNodesError(ValueError):
    """More documents than four bytes can number."""


class UnknownNodeError(ValueError):
    """An edge names a document that no shard has."""


class UnionFind:
    """Components of documents numbered ``shard << 32 | row``.

    Memory: 4 bytes a document and 8 a shard; while components are read, one bit a document more, and 13 bytes for
    each document of one shard.
    """

    def __init__(self, rows_per_shard: Integers) -> None:
        """``rows_per_shard`` (int64[shards]) counts the documents of each shard, zero allowed.

        Raises TooManyNodesError for more than 2^32 documents.
        """
        self._offsets = np.zeros(len(rows_per_shard) + 1, np.int64)
        np.cumsum(rows_per_shard, out=self._offsets[1:])
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
        wrong = _unite(self._parents, self._offsets, first, second)
        if wrong >= 0:
            node = _unknown(self._offsets, (int(first[wrong]), int(second[wrong])))
            raise UnknownNodeError(
                f"an edge names row {node & (MOST_NODES - 1)} of shard {node >> ROW_BITS}, which is not among the "
                f"{len(self._parents):,} documents of {len(self._offsets) - 1} shards: the edges belong to other shards"
            )

    def components(self) -> Iterator[tuple[Parents, Nodes]]:
        """For each shard its documents in components of two or more: rows (uint32, rising) and components (uint64).

        A component is named by its smallest node.
        """
        joined = _flatten(self._parents)
        for shard in range(len(self._offsets) - 1):
            start, end = self._offsets[shard], self._offsets[shard + 1]
            rows = _members(self._parents[start:end], joined, start)
            roots = self._parents[start:end][rows]
            shards = np.searchsorted(self._offsets, roots, side="right") - 1
            root_rows = (roots - self._offsets[shards]).astype(np.uint64)
            yield rows, (shards.astype(np.uint64) << np.uint64(ROW_BITS)) | root_rows


def _unknown(offsets: Integers, ends: tuple[int, int]) -> int:
    shards = len(offsets) - 1
    for node in ends:
        shard, row = node >> ROW_BITS, node & (MOST_NODES - 1)
        if shard >= shards or row >= offsets[shard + 1] - offsets[shard]:
            return node
    raise AssertionError("both ends are known")


@njit(cache=True, nogil=True)
def _unite(parents: Parents, offsets: Integers, first: Nodes, second: Nodes) -> int:
    """The position of the first edge with an unknown node, where it stops, or -1."""
    for edge in range(len(first)):
        low, high = _number(offsets, first[edge]), _number(offsets, second[edge])
        if low < 0 or high < 0:
            return edge
        low, high = _root(parents, low), _root(parents, high)
        if low > high:
            low, high = high, low
        parents[high] = uint32(low)
    return -1


@njit(cache=True, nogil=True, inline="always")
def _number(offsets: Integers, node: int) -> int:
    """The dense number of a node, -1 if no shard has it."""
    shard, row = int(uint64(node) >> uint64(32)), int(uint64(node) & uint64(0xFFFFFFFF))
    if shard >= len(offsets) - 1 or row >= offsets[shard + 1] - offsets[shard]:
        return -1
    return int(offsets[shard] + row)


@njit(cache=True, nogil=True, inline="always")
def _root(parents: Parents, number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = int(parents[number])
    return number


@njit(cache=True, nogil=True)
def _flatten(parents: Parents) -> npt.NDArray[np.uint8]:
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


@njit(cache=True, nogil=True)
def _members(parents: Parents, joined: npt.NDArray[np.uint8], start: int) -> Parents:
    """Rows of a shard whose numbers begin at ``start``: those that point to another node, or that others point to."""
    count = 0
    rows = np.empty(len(parents), np.uint32)
    for row in range(len(parents)):
        number = start + row
        if parents[row] != number or joined[number >> 3] >> (number & 7) & 1:
            rows[count] = row
            count += 1
    return rows[:count].copy()
