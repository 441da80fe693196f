"""Shares of a sample add up, and no stratum gives more than it has."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.tokenize.strata import BINS, allocate, bins, cutoffs, hashes

SIZES = st.lists(st.integers(0, 10**12), min_size=1, max_size=20).map(lambda sizes: np.array(sizes, np.int64))


@given(SIZES, st.integers(1, 10**12), st.floats(1, 100))
def test_the_budget_is_used_up_or_everything_is_taken(sizes, budget, temperature):
    taken = allocate(sizes, budget, temperature)
    assert (taken >= 0).all()
    assert (taken <= sizes).all()
    assert taken.sum() == pytest.approx(min(budget, sizes.sum()), rel=1e-9)


def test_shares_follow_size_and_temperature():
    sizes = np.array([8_000_000, 1_000_000])
    assert allocate(sizes, 900_000, 1).tolist() == pytest.approx([800_000, 100_000])
    assert allocate(sizes, 900_000, 3).tolist() == pytest.approx([600_000, 300_000])
    assert allocate(sizes, 4_500_000, 3).tolist() == pytest.approx([3_500_000, 1_000_000])


def test_a_larger_budget_takes_the_same_documents_and_more():
    counts = np.random.default_rng(0).integers(0, 100, (3, BINS))
    before = np.zeros(3, np.int64)
    for budget in (0, 10_000, 500_000, counts.sum()):
        after = cutoffs(counts, allocate(counts.sum(axis=1), int(budget), 2))
        assert (after >= before).all()
        before = after
    assert (before == BINS).all()


def test_places_depend_on_identity_and_seed_only():
    names = [f"{number:032x}" for number in range(5000)]
    found = hashes(names, 1)
    assert (found == hashes(names[::-1], 1)[::-1]).all()
    assert (found != hashes(names, 2)).all()
    steps = bins(found)
    assert 0 <= steps.min() < BINS // 100
    assert BINS - BINS // 100 < steps.max() < BINS
