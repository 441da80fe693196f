"""Percentile thresholds: the same for any cut of the corpus, and as close to the exact one as stated."""

from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.percentile import ScoreHistogram

WIDEST = 1 / 65_536

scores = st.lists(st.floats(0, 1, width=32) | st.sampled_from([0.0, 0.25, 1.0]), min_size=1, max_size=200)
percentiles = st.floats(0, 100) | st.sampled_from([0.0, 10.0, 75.0, 90.0, 99.9, 100.0])


def histogram(values) -> ScoreHistogram:
    return ScoreHistogram.of(pa.array(values, pa.float32()))


@given(scores, percentiles)
def test_keeps_the_wanted_share_and_at_most_one_bin_more(values, percentile):
    threshold = histogram(values).percentile(percentile)
    array = np.array(values, np.float64)
    kept = (array >= threshold).sum()
    in_the_bin = ((array >= threshold) & (array <= threshold + WIDEST)).sum()
    wanted = (100 - percentile) / 100 * len(values)
    assert kept >= wanted - 1e-9
    assert kept - in_the_bin < max(1, wanted + 1e-9)


@given(scores, percentiles)
def test_is_at_most_a_bin_below_numpy_s_percentile(values, percentile):
    exact = float(np.percentile(np.array(values, np.float64), percentile, method="inverted_cdf"))
    above = float(np.percentile(np.array(values, np.float64), percentile, method="higher"))
    threshold = histogram(values).percentile(percentile)
    assert exact - WIDEST <= threshold <= above


@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=50))
def test_bins_are_finer_near_both_ends(values):
    for value in values:
        edge = histogram([value]).edges[0]
        assert 0 <= value - edge <= min(WIDEST, min(value, 1 - value) / 16_384)
        assert histogram([edge]).edges[0] == edge


def test_tells_scores_apart_that_round_to_one():
    values = np.float32(1) - np.arange(1, 1001, dtype=np.float32) * np.float32(2**-24)
    threshold = histogram(values).percentile(90)
    assert (values >= threshold).sum() == 100


@settings(max_examples=40)
@given(scores, st.lists(st.integers(0, 200), max_size=5), st.randoms(use_true_random=False), percentiles)
def test_shards_and_their_order_do_not_matter(values, cuts, random, percentile):
    whole = histogram(values)
    bounds = [0, *sorted(min(cut, len(values)) for cut in cuts), len(values)]
    shards = [histogram(values[start:end]) for start, end in pairwise(bounds)]
    random.shuffle(shards)
    while len(shards) > 1:
        left = shards.pop(random.randrange(len(shards)))
        right = shards.pop(random.randrange(len(shards)))
        shards.append(left.merge(ScoreHistogram.from_bytes(right.to_bytes())))
    assert np.array_equal(shards[0].edges, whole.edges)
    assert np.array_equal(shards[0].counts, whole.counts)
    assert shards[0].percentile(percentile) == whole.percentile(percentile)


def test_keeps_the_wanted_share_of_a_large_corpus():
    values = np.random.default_rng(0).beta(0.3, 2, 200_000).astype(np.float32)
    threshold = histogram(values).percentile(90)
    assert np.percentile(values, 90) - WIDEST <= threshold <= np.percentile(values, 90, method="higher")
    one_bin = ((values >= threshold) & (values <= threshold + WIDEST)).mean()
    assert 0.1 <= (values >= threshold).mean() < 0.1 + one_bin


@pytest.mark.parametrize(("percentile", "kept"), [(0, 1000), (90, 100), (99.9, 1), (70.1, 299), (100, 1)])
def test_counts_documents_exactly(percentile, kept):
    values = np.arange(1000) / 1000
    threshold = histogram(values).percentile(percentile)
    assert (values.astype(np.float32) >= threshold).sum() == kept


def test_ties_are_kept_together():
    assert histogram([0.5] * 99 + [0.2]).percentile(90) == 0.5


def test_nulls_do_not_count_and_no_scores_keep_everything():
    assert histogram([None, 0.5, None]).total == 1
    assert histogram([]).percentile(90) == 0.0
    assert ScoreHistogram.from_bytes(histogram([]).to_bytes()).total == 0


@pytest.mark.parametrize("bad", [1.5, -0.1, float("nan"), float("inf")])
def test_refuses_what_is_no_probability(bad):
    with pytest.raises(ValueError, match="between 0 and 1"):
        histogram([0.5, bad])


@pytest.mark.parametrize("bad", [-1, 100.5, float("nan")])
def test_refuses_what_is_no_percentile(bad):
    with pytest.raises(ValueError, match="between 0 and 100"):
        histogram([0.5]).percentile(bad)
