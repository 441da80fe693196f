"""Budgets are shared out by weight; what one source cannot give, the others do."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filters.mixture.shares import by_temperature, share_out

amounts = st.floats(0, 1e6)


def test_weights_decide_where_there_is_enough():
    assert share_out(np.array([3.0, 1.0]), np.array([1e9, 1e9]), 100).tolist() == [75, 25]


def test_what_one_lacks_the_others_give_in_proportion():
    assert share_out(np.array([2.0, 1.0, 1.0]), np.array([10.0, 1e9, 1e9]), 100).tolist() == [10, 45, 45]
    assert share_out(np.array([2.0, 1.0, 1.0]), np.array([10.0, 20.0, 30.0]), 100).tolist() == [10, 20, 30]


@given(st.lists(st.tuples(amounts, amounts), min_size=1, max_size=8), amounts)
@example([(5e-324, 1.0)], 0.5)
def test_nobody_gives_more_than_it_has_and_the_budget_is_met_if_it_can_be(rows, budget):
    weights, most = np.array(rows).T
    shares = share_out(weights, most, budget)
    assert np.all(shares <= most * (1 + 1e-9))
    can = most[weights > 0].sum()
    assert shares.sum() == pytest.approx(min(budget, can), rel=1e-6, abs=1e-6)


def test_temperature_evens_out():
    sizes = np.array([900.0, 100.0, 0.0])
    assert by_temperature(sizes, 1).tolist() == [900, 100, 0]
    assert by_temperature(sizes, 2).tolist() == [30, 10, 0]
