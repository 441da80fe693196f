"""Gradient-boosted trees by LightGBM, taken over into flat arrays."""

from collections.abc import Mapping, Sequence
from typing import Final, NotRequired, TypedDict, cast

import lightgbm
import numpy as np
import numpy.typing as npt

from pipelines.extract.model.trees import Trees

Floats = npt.NDArray[np.float32]

PARAMETERS: Final[Mapping[str, object]] = {
    "objective": "binary", "learning_rate": 0.1, "min_data_in_leaf": 50, "min_sum_hessian_in_leaf": 1e-3,
    "feature_fraction": 0.5, "bagging_fraction": 0.8, "bagging_freq": 1, "lambda_l2": 1.0, "max_bin": 63,
    "verbosity": -1, "deterministic": True, "force_row_wise": True, "num_threads": 1,
}  # fmt: skip
"""Deterministic: the same rows give the same trees, on any number of threads."""


class Node(TypedDict):
    """A node of LightGBM's dump: inner nodes have what splits them, leaves only a value."""

    split_feature: int
    threshold: float
    left_child: "Node"
    right_child: "Node"
    leaf_value: NotRequired[float]


def grow(rows: Floats, content: Floats, weight: Floats, size: tuple[int, int], seed: int) -> tuple[Trees, Floats]:
    """Trees (``size``: how many, of how many leaves) that tell content, and each feature's share of the gain.

    ``rows`` is float32[blocks, features]; ``content`` and ``weight`` are float32[blocks]. Blocks weigh 100 a page.
    """
    trees, leaves = size
    data = lightgbm.Dataset(rows, content, weight=weight)
    booster = lightgbm.train({**PARAMETERS, "num_leaves": leaves, "seed": seed}, data, trees)
    gain = booster.feature_importance("gain").astype(np.float32)
    grown = [tree["tree_structure"] for tree in booster.dump_model()["tree_info"]]
    return flatten(cast(Sequence[Node], grown)), gain / max(gain.sum(), 1)


def flatten(grown: Sequence[Node]) -> Trees:
    """The flat arrays of nested trees."""
    nodes: list[tuple[int, float, int, int]] = []
    leaves: list[float] = []

    def add(node: Node) -> int:
        if "split_feature" not in node:
            leaves.append(node.get("leaf_value", 0.0))
            return -len(leaves)
        place = len(nodes)
        nodes.append((0, 0.0, 0, 0))
        left, right = add(node["left_child"]), add(node["right_child"])
        nodes[place] = (node["split_feature"], node["threshold"], left, right)
        return place

    roots = [add(tree) for tree in grown]
    feature, threshold, left, right = zip(*nodes, strict=True) if nodes else ((), (), (), ())
    return Trees(
        np.array(feature, np.int16), _not_above(np.array(threshold, np.float64)), np.array(left, np.int32),
        np.array(right, np.int32), np.array(leaves, np.float32), np.array(roots, np.int32),
    )  # fmt: skip


def _not_above(thresholds: npt.NDArray[np.float64]) -> Floats:
    """float32 thresholds that divide float32 values as the float64 ones do."""
    near = thresholds.astype(np.float32)
    return np.where(near > thresholds, np.nextafter(near, np.float32(-np.inf)), near)
