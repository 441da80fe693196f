"""Flat trees say what LightGBM says, and what the path of each row from root to leaf says."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract.model.trees import MOST_LEAVES, Trees, masked, probabilities


def test_a_tree_by_hand():
    trees = Trees(
        feature=np.array([1, 0], np.int16), threshold=np.array([0.5, 2.0], np.float32),
        left=np.array([-1, -2], np.int32), right=np.array([1, -3], np.int32),
        leaf=np.array([0.0, 1.0, -1.0], np.float32), root=np.array([0], np.int32),
    )  # fmt: skip
    rows = np.array([[9, 0.5], [2, 0.6], [2.1, 0.6]], np.float32)
    assert probabilities(masked(trees), rows) == pytest.approx(1 / (1 + np.exp(-np.array([0.0, 1.0, -1.0]))))


def test_grown_trees_are_the_same_as_lightgbm_itself_has():
    lightgbm = pytest.importorskip("lightgbm")
    from pipelines.extract.train.grow import PARAMETERS, grow

    random = np.random.default_rng(0)
    rows = random.normal(size=(3000, 6)).astype(np.float32)
    rows[:, 2] = np.round(rows[:, 2])
    content = (rows[:, 0] * rows[:, 1] + rows[:, 2] > 0).astype(np.float32)
    weight = random.uniform(0.5, 2, 3000).astype(np.float32)
    trees, gain = grow(rows, content, weight, (20, 15), 0)
    again, _ = grow(rows, content, weight, (20, 15), 0)
    booster = lightgbm.train(
        {**PARAMETERS, "num_leaves": 15, "seed": 0}, lightgbm.Dataset(rows, content, weight=weight), 20
    )
    assert probabilities(masked(trees), rows) == pytest.approx(booster.predict(rows), abs=1e-5)
    assert all((one == other).all() for one, other in zip(trees, again, strict=True))
    assert gain[:3].sum() > 0.9
    assert ((probabilities(masked(trees), rows) > 0.5) == (content > 0)).mean() > 0.9


@st.composite
def any_trees(draw) -> Trees:
    """Trees of any shape, lone leaves among them: a new one splits a leaf of its tree."""
    feature, threshold, left, right, root = [], [], [], [], []
    leaves = 0
    for _ in range(draw(st.integers(1, 4))):
        ends: list[tuple[list[int], int]] = [(root, len(root))]
        root.append(0)
        for _ in range(draw(st.integers(0, MOST_LEAVES - 1))):
            children, place = ends.pop(draw(st.integers(0, len(ends) - 1)))
            children[place] = node = len(feature)
            feature.append(draw(st.integers(0, 2)))
            threshold.append(draw(st.integers(-3, 3)) / 2)
            left.append(0)
            right.append(0)
            ends += [(left, node), (right, node)]
        for children, place in ends:
            children[place] = -1 - leaves
            leaves += 1
    values = np.random.default_rng(leaves).normal(size=leaves).astype(np.float32)
    integers = (np.array(each, np.int32) for each in (left, right))
    return Trees(
        np.array(feature, np.int16), np.array(threshold, np.float32), *integers, values, np.array(root, np.int32)
    )


def leaf_of(trees: Trees, root: int, row: np.ndarray) -> np.float32:
    node = root
    while node >= 0:
        node = (trees.left if row[trees.feature[node]] <= trees.threshold[node] else trees.right)[node]
    return trees.leaf[-1 - node]


@settings(max_examples=60, deadline=None)
@given(any_trees(), st.integers(0, 40))
def test_a_row_comes_to_the_leaf_that_its_path_leads_to(trees, count):
    rows = np.random.default_rng(count).integers(-4, 5, (count, 3)).astype(np.float32) / 2
    rows[count // 2 :, 1] = np.nan  # not at most anything: to the right
    expected = np.zeros(count, np.float32)
    for root in trees.root.tolist():
        expected += np.array([leaf_of(trees, root, row) for row in rows], np.float32)
    np.testing.assert_allclose(probabilities(masked(trees), rows), 1 / (1 + np.exp(-expected.astype(np.float64))), 1e-6)


def chain(inner: int) -> Trees:
    """A tree that is one long branch."""
    left = -1 - np.arange(inner, dtype=np.int32)
    right = np.append(np.arange(1, inner), -1 - inner).astype(np.int32)
    zeros = np.zeros(inner, np.float32)
    return Trees(zeros.astype(np.int16), zeros, left, right, np.zeros(inner + 1, np.float32), np.zeros(1, np.int32))


def test_what_does_not_fit_into_a_mask_or_is_no_tree_is_refused():
    assert len(masked(chain(MOST_LEAVES - 1)).leaf) == MOST_LEAVES
    with pytest.raises(ValueError, match="more than 32 leaves"):
        masked(chain(MOST_LEAVES))
    circle = chain(2)
    circle.right[1] = 0
    with pytest.raises(ValueError, match="branches meet"):
        masked(circle)
