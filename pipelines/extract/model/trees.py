"""Gradient-boosted trees as flat arrays, and their sum for each row."""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel

Features = npt.NDArray[np.float32]
Probabilities = npt.NDArray[np.float32]


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


@kernel
def probabilities(trees: Trees, rows: Features) -> Probabilities:
    """float32[rows]: the logistic function of the sum of each row's leaves."""
    result = np.empty(len(rows), np.float32)
    for row in range(len(rows)):
        total = np.float32(0)
        for tree in range(len(trees.root)):
            node = trees.root[tree]
            while node >= 0:
                is_left = rows[row, trees.feature[node]] <= trees.threshold[node]
                node = trees.left[node] if is_left else trees.right[node]
            total += trees.leaf[-1 - node]
        result[row] = 1 / (1 + math.exp(-total))
    return result
