"""Sorting and parting of pairs, against NumPy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from filters.clusters.pairs import part, sort_by_key, unique_pairs

keys = arrays(np.uint64, st.integers(0, 60), elements=st.integers(0, 2**64 - 1) | st.integers(0, 5))


@given(keys)
def test_sorts_as_numpy_does_and_keeps_the_order_of_equals(values):
    before = values.copy()
    sorted_keys, rows = sort_by_key(values, np.arange(len(values), dtype=np.uint32))
    expected = np.argsort(values, kind="stable")
    assert np.array_equal(rows, expected)
    assert np.array_equal(sorted_keys, before[expected])
    assert np.array_equal(values, before)


@given(keys, st.randoms(use_true_random=False))
def test_distinct_pairs_are_those_of_a_set(values, random):
    others = [random.choice([0, 1, 2**63]) for _ in values]
    first, second = unique_pairs(values, np.array(others, np.uint64))
    expected = sorted(set(zip(values.tolist(), others, strict=True)))
    assert list(zip(first.tolist(), second.tolist(), strict=True)) == expected


@pytest.mark.parametrize("buckets", [1, 2, 7, 64])
@given(values=keys)
def test_a_bucket_holds_all_pairs_of_a_key_and_every_pair_is_in_one(buckets, values):
    rows = np.arange(len(values), dtype=np.uint64)
    (first, second), offsets = part(values, rows, buckets)
    assert offsets[0] == 0
    assert offsets[-1] == len(values)
    assert np.array_equal(first, values[second.astype(np.int64)])
    assert np.array_equal(np.sort(second), rows)
    bucket = np.repeat(np.arange(buckets), np.diff(offsets))
    for key in set(values.tolist()):
        assert len(set(bucket[first == key].tolist())) == 1


def test_buckets_are_of_about_one_size_for_nodes_of_many_shards():
    shards, rows = np.meshgrid(np.arange(200, dtype=np.uint64), np.arange(1000, dtype=np.uint64))
    nodes = ((shards << np.uint64(32)) | rows).ravel()
    sizes = np.diff(part(nodes, nodes, 16)[1])
    assert sizes.min() > 0.9 * sizes.mean()
    assert sizes.max() < 1.1 * sizes.mean()
