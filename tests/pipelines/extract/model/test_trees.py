"""Flat trees say what LightGBM says."""

import numpy as np
import pytest

from pipelines.extract.model.trees import Trees, probabilities


def test_a_tree_by_hand():
    trees = Trees(
        feature=np.array([1, 0], np.int16), threshold=np.array([0.5, 2.0], np.float32),
        left=np.array([-1, -2], np.int32), right=np.array([1, -3], np.int32),
        leaf=np.array([0.0, 1.0, -1.0], np.float32), root=np.array([0], np.int32),
    )  # fmt: skip
    rows = np.array([[9, 0.5], [2, 0.6], [2.1, 0.6]], np.float32)
    assert probabilities(trees, rows) == pytest.approx(1 / (1 + np.exp(-np.array([0.0, 1.0, -1.0]))))


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
    assert probabilities(trees, rows) == pytest.approx(booster.predict(rows), abs=1e-5)
    assert all((one == other).all() for one, other in zip(trees, again, strict=True))
    assert gain[:3].sum() > 0.9
    assert ((probabilities(trees, rows) > 0.5) == (content > 0)).mean() > 0.9
