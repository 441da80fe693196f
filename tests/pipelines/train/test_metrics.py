"""Metrics agree with their definitions, computed the slow way."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.train.metrics import average_precision, calibration_error, evaluate, operate, roc_auc

scored = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.5001, 0.9, 1.0]) | st.floats(0, 1), st.booleans()),
    min_size=2,
    max_size=60,
).filter(lambda rows: len({truth for _, truth in rows}) == 2)


def columns(rows) -> tuple[np.ndarray, np.ndarray]:
    return np.array([score for score, _ in rows]), np.array([truth for _, truth in rows])


@given(scored)
def test_roc_auc_is_the_chance_of_the_right_order(rows):
    scores, truth = columns(rows)
    pairs = [(p > n) + (p == n) / 2 for p in scores[truth] for n in scores[~truth]]
    assert roc_auc(scores, truth) == pytest.approx(np.mean(pairs))


@given(scored)
def test_average_precision_adds_up_precision_by_gain_of_recall(rows):
    scores, truth = columns(rows)
    area, recall = 0.0, 0.0
    for threshold in sorted(set(scores.tolist()), reverse=True):
        found = operate(scores, truth, threshold, None)
        area += (found.recall - recall) * (found.precision or 0)
        recall = found.recall
    assert average_precision(scores, truth) == pytest.approx(area)


def test_known_values():
    scores = np.array([0.1, 0.4, 0.35, 0.8])
    truth = np.array([False, False, True, True])
    assert roc_auc(scores, truth) == pytest.approx(0.75)
    assert average_precision(scores, truth) == pytest.approx(0.8333333)
    found = operate(scores, truth, 0.4, None)
    assert (found.kept, found.precision, found.recall) == (0.5, 0.5, 0.5)
    assert operate(scores, truth, 0.9, None).precision is None


def test_calibration_error_is_zero_for_probabilities_and_large_for_overconfidence():
    truth = np.array([True] * 3 + [False] * 7)
    assert calibration_error(np.full(10, 0.3), truth) == pytest.approx(0)
    assert calibration_error(np.full(10, 1.0), truth) == pytest.approx(0.7)


def test_percentile_rows_keep_their_share():
    scores = np.linspace(0, 1, 1001)
    truth = scores > 0.5
    found = {row.percentile: row for row in evaluate("positive", scores, truth).by_percentile}
    assert found[90].kept == pytest.approx(0.1, abs=0.002)
    assert found[90].precision == 1
    assert found[90].recall == pytest.approx(0.2, abs=0.005)
