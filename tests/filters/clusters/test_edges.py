"""Star edges of equal band hashes, against a dictionary."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.clusters.edges import star_edges

rows = st.lists(st.tuples(st.sampled_from([0, 1, 7, 2**40, 2**64 - 1]), st.integers(0, 15)), max_size=60)


def arrays(pairs):
    array = np.array(pairs, np.uint64).reshape(-1, 2)
    return array[:, 0].copy(), (array[:, 1] << np.uint64(32)) | np.uint64(3)


def edges(result):
    return list(zip(result.centres.tolist(), result.members.tolist(), strict=True))


@given(rows, st.integers(1, 5))
def test_each_group_is_a_star_around_its_first_document(pairs, cap):
    hashes, nodes = arrays(pairs)
    groups: dict[int, set[int]] = {}
    for band_hash, node in zip(hashes.tolist(), nodes.tolist(), strict=True):
        groups.setdefault(band_hash, set()).add(node)
    result = star_edges(hashes, nodes, hot_members=cap)
    assert edges(result) == sorted({(min(group), node) for group in groups.values() for node in group - {min(group)}})
    hot = {key: sorted(group)[:3] for key, group in groups.items() if len(group) > cap}
    assert {group.band_hash: list(group.examples) for group in result.hot} == hot
    assert [group.members for group in result.hot] == sorted((len(groups[key]) for key in hot), reverse=True)


@given(rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(pairs, random):
    shuffled = list(pairs)
    random.shuffle(shuffled)
    one = star_edges(*arrays(pairs), hot_members=2)
    other = star_edges(*arrays(shuffled), hot_members=2)
    assert edges(one) == edges(other)
    assert one.hot == other.hot


def test_a_hot_group_costs_one_edge_a_member_and_is_reported():
    nodes = np.arange(100_000, dtype=np.uint64)[::-1].copy()
    result = star_edges(np.full(len(nodes), 42, np.uint64), nodes, hot_members=1_000)
    assert len(result.centres) == 99_999
    assert not result.centres.any()
    (group,) = result.hot
    assert (group.band_hash, group.members, group.examples) == (42, 100_000, (0, 1, 2))


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="2 band hashes and 1 nodes"):
        star_edges(np.zeros(2, np.uint64), np.zeros(1, np.uint64), hot_members=10)
