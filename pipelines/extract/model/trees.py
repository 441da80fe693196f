"""Gradient-boosted trees as flat arrays, and their sum for each row.

Each row goes through all nodes of a tree instead of down one path: QuickScorer (Lucchese et al. 2015,
https://doi.org/10.1145/2766462.2767733). A node that sends a row to the right strikes out the leaves on its left, and
the first leaf that remains is the row's. So nothing is branched on, and a processor takes many rows at once.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel, leaf

Features = npt.NDArray[np.float32]
Floats = Probabilities = npt.NDArray[np.float32]
Masks = npt.NDArray[np.uint32]
Words = npt.NDArray[np.int32]

MOST_LEAVES: Final = 32
_ALL: Final = 2**MOST_LEAVES - 1
_ONE: Final = np.float32(1).view(np.int32)
_EXPONENT: Final = 23
"""The bit of a float32 at which its exponent begins."""


class Trees(NamedTuple):
    """Trees one after another. An inner node goes left where the feature is at most the threshold.

    ``feature`` (int16), ``threshold`` (float32), ``left``, ``right`` (int32) have an element for each inner node; a
    child below zero is the leaf ``-1 - child`` of ``leaf`` (float32). ``root`` (int32) is each tree's first node, or
    leaf.
    """

    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    leaf: npt.NDArray[np.float32]
    root: npt.NDArray[np.int32]


class MaskedTrees(NamedTuple):
    """Trees made ready for many rows at once; leaves of each tree are numbered from the left.

    ``feature`` (int16), ``threshold`` (float32) and ``remaining`` (uint32: which leaves a row can still come to that
    goes right) have an element for each inner node; those of tree t begin at ``nodes[t]``, its leaves at ``leaves[t]``
    of ``leaf`` (float32). ``nodes`` and ``leaves`` (int32) have one element more than there are trees.
    """

    feature: npt.NDArray[np.int16]
    threshold: npt.NDArray[np.float32]
    remaining: npt.NDArray[np.uint32]
    leaf: npt.NDArray[np.float32]
    nodes: npt.NDArray[np.int32]
    leaves: npt.NDArray[np.int32]


def masked(trees: Trees) -> MaskedTrees:
    """The same trees, for ``probabilities``.

    Raises:
        ValueError: one has more than MOST_LEAVES leaves, or is no tree.
    """
    inner, remaining, leaf = list[int](), list[int](), list[int]()
    nodes, leaves = [0], [0]
    for root in trees.root:
        masks: dict[int, int] = {}
        leaf += _leaves(trees, int(root), 0, masks)
        inner += masks
        remaining += masks.values()
        nodes.append(len(inner))
        leaves.append(len(leaf))
    return MaskedTrees(
        trees.feature[inner],
        trees.threshold[inner],
        np.array(remaining, np.uint32),
        trees.leaf[leaf],
        np.array(nodes, np.int32),
        np.array(leaves, np.int32),
    )


def _leaves(trees: Trees, node: int, first: int, masks: dict[int, int]) -> list[int]:
    """The leaves under a node from the left, the first of them numbered ``first``; each inner node gets its mask."""
    if node < 0:
        return [-1 - node]
    if node in masks or len(masks) == MOST_LEAVES - 1:
        raise ValueError(f"a tree of more than {MOST_LEAVES} leaves, or one whose branches meet")
    masks[node] = 0
    left = _leaves(trees, int(trees.left[node]), first, masks)
    masks[node] = _ALL & ~((1 << first + len(left)) - (1 << first))
    return left + _leaves(trees, int(trees.right[node]), first + len(left), masks)


@kernel
def probabilities(trees: MaskedTrees, rows: Features) -> Probabilities:
    """float32[rows]: the logistic function of the sum of each row's leaves."""
    result = np.zeros(len(rows), np.float32)
    lowest = np.empty(len(rows), np.float32)
    _add_leaves(
        trees, np.ascontiguousarray(rows.T), np.empty(len(rows), np.uint32), lowest, lowest.view(np.int32), result
    )
    for row in range(len(rows)):
        result[row] = 1 / (1 + math.exp(-result[row]))
    return result


@leaf
def _add_leaves(  # noqa: PLR0917
    trees: MaskedTrees, columns: Features, remaining: Masks, lowest: Floats, bits: Words, result: Floats
) -> None:
    """Add each row's leaves to ``result`` (float32[rows]); ``columns`` is float32[features, rows].

    ``remaining``, ``lowest`` and its ``bits`` are for the function's own use.
    """
    for tree in range(len(trees.nodes) - 1):
        remaining[:] = _ALL
        for node in range(trees.nodes[tree], trees.nodes[tree + 1]):
            column, threshold, mask = columns[trees.feature[node]], trees.threshold[node], trees.remaining[node]
            for row in range(len(result)):
                remaining[row] &= np.uint32(_ALL) if column[row] <= threshold else mask
        for row in range(len(result)):  # 2 to the number of the first leaf; the exponent of the float is that number
            lowest[row] = remaining[row] & (~remaining[row] + np.uint32(1))
        for row in range(len(result)):
            result[row] += trees.leaf[trees.leaves[tree] + (bits[row] - _ONE >> _EXPONENT)]
