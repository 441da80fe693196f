"""Large-star and small-star, on one bucket and on parts of it."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.clusters.pairs import part, unique_pairs
from filters.clusters.star_rounds import edge_ends, large_star, merge, small_star, smallest_neighbours
from tests.filters.clusters.graphs import components, graphs


def both_ways(smaller, larger):
    return np.concatenate([smaller, larger]), np.concatenate([larger, smaller])


def phase(star, nodes, neighbours, cut):
    """A phase on a bucket that comes in two parts."""
    parts = [unique_pairs(nodes[:cut], neighbours[:cut]), unique_pairs(nodes[cut:], neighbours[cut:])]
    smallest = merge([smallest_neighbours(*pairs) for pairs in parts])
    stars = [star(pairs, smallest) for pairs in parts]
    return (
        np.concatenate([star.smaller for star in stars]),
        np.concatenate([star.larger for star in stars]),
        sum(star.changed for star in stars),
    )


def rounds_until_quiet(first, second, cut):
    smaller, larger = edge_ends(first, second)
    for rounds in range(1, 100):
        edges = len(smaller)
        smaller, larger, by_large = phase(large_star, *both_ways(smaller, larger), cut)
        smaller, larger, by_small = phase(small_star, larger, smaller, cut)
        assert len(smaller) <= edges
        if by_large + by_small == 0:
            return smaller, larger, rounds
    raise AssertionError("does not end")


@given(graphs(), st.integers(0, 100))
def test_rounds_end_in_stars_around_the_smallest_member(graph, cut):
    smaller, larger, _ = rounds_until_quiet(*graph, cut)
    expected = components(*graph)
    assert dict(zip(larger.tolist(), smaller.tolist(), strict=True)) == {
        node: root for node, root in expected.items() if node != root
    }


@given(graphs())
def test_no_phase_changes_a_component(graph):
    expected = components(*graph)
    smaller, larger = edge_ends(*graph)
    smaller, larger, _ = phase(large_star, *both_ways(smaller, larger), 3)
    assert components(smaller, larger) == expected
    smaller, larger, _ = phase(small_star, larger, smaller, 3)
    assert components(smaller, larger) == expected


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_chain_of_200_000_needs_few_rounds(shuffled):
    nodes = np.arange(200_000, dtype=np.uint64)
    if shuffled:
        nodes = np.random.default_rng(1).permutation(nodes)
    smaller, larger, rounds = rounds_until_quiet(nodes[:-1], nodes[1:], 10**9)
    assert not smaller.any()
    assert np.array_equal(np.sort(larger), np.arange(1, 200_000))
    assert rounds <= 20


def test_stars_of_all_buckets_are_those_of_the_whole():
    generator = np.random.default_rng(2)
    nodes, neighbours = both_ways(*edge_ends(*generator.integers(0, 500, (2, 2_000)).astype(np.uint64)))
    (parted, others), offsets = part(nodes, neighbours, 8)
    whole = phase(large_star, nodes, neighbours, 0)
    found: set[tuple[int, int]] = set()
    for start, end in itertools.pairwise(offsets):
        smaller, larger, _ = phase(large_star, parted[start:end], others[start:end], 10)
        found |= set(zip(smaller.tolist(), larger.tolist(), strict=True))
    assert found == set(zip(whole[0].tolist(), whole[1].tolist(), strict=True))


def test_loops_are_no_edges():
    smaller, larger = edge_ends(np.array([3, 5], np.uint64), np.array([3, 2], np.uint64))
    assert (smaller.tolist(), larger.tolist()) == ([2], [5])
