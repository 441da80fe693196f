"""Union-find against SciPy's components."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.clusters.nodes import UnknownNodeError
from filters.clusters.union_find import TooManyNodesError, UnionFind
from tests.filters.clusters.graphs import NODES, components, graphs, spread

shard_rows = st.lists(st.integers(0, 20), min_size=1, max_size=6).map(lambda rows: [*rows, NODES])


def clusters(union_find: UnionFind) -> dict[int, int]:
    found = {}
    for shard, (rows, roots) in enumerate(union_find.components()):
        assert rows.dtype == np.uint32
        assert roots.dtype == np.uint64
        assert np.all(np.diff(rows.astype(np.int64)) > 0)
        found.update(zip(((shard << 32) | rows.astype(np.int64)).tolist(), roots.tolist(), strict=True))
    return found


@given(graphs(), shard_rows, st.integers(1, 20))
def test_components_are_those_of_scipy(graph, shards, batch):
    first, second = (spread(end, shards) for end in graph)
    union_find = UnionFind(np.array(shards, np.int64))
    for start in range(0, len(first), batch):
        union_find.union(first[start : start + batch], second[start : start + batch])
    expected = components(*graph)
    nodes = spread(list(expected), shards).tolist()
    assert clusters(union_find) == dict(zip(nodes, spread(list(expected.values()), shards).tolist(), strict=True))


@given(graphs(), st.randoms(use_true_random=False))
def test_the_order_and_direction_of_edges_do_not_matter(graph, random):
    edges = list(zip(*(end.tolist() for end in graph), strict=True))
    one, other = UnionFind(np.array([NODES])), UnionFind(np.array([NODES]))
    one.union(*graph)
    random.shuffle(edges)
    turned = np.array([edge if random.random() < 0.5 else edge[::-1] for edge in edges], np.uint64).reshape(-1, 2)
    other.union(turned[:, 0].copy(), turned[:, 1].copy())
    assert clusters(one) == clusters(other)


def test_edges_may_follow_after_components_were_read():
    union_find = UnionFind(np.array([4]))
    union_find.union(np.array([2], np.uint64), np.array([3], np.uint64))
    assert clusters(union_find) == {2: 2, 3: 2}
    union_find.union(np.array([3], np.uint64), np.array([1], np.uint64))
    assert clusters(union_find) == {1: 1, 2: 1, 3: 1}


def test_a_chain_of_a_million_documents():
    nodes = np.arange(1_000_000, dtype=np.uint64)
    union_find = UnionFind(np.array([len(nodes)]))
    union_find.union(nodes[:-1], nodes[1:])
    ((rows, roots),) = union_find.components()
    assert np.array_equal(rows, nodes)
    assert not roots.any()


def test_no_documents():
    assert list(UnionFind(np.zeros(0, np.int64)).components()) == []


def test_more_documents_than_four_bytes_can_number_are_refused():
    with pytest.raises(TooManyNodesError, match=r"4,294,967,297 documents .* use star rounds"):
        UnionFind(np.array([2**31, 2**31 + 1]))


@pytest.mark.parametrize(("node", "message"), [((1 << 32) | 5, "row 5 of shard 1"), (3 << 32, "row 0 of shard 3")])
def test_an_edge_to_an_unknown_document_is_refused(node, message):
    union_find = UnionFind(np.array([9, 5]))
    with pytest.raises(UnknownNodeError, match=message):
        union_find.union(np.array([0, 1], np.uint64), np.array([1, node], np.uint64))
