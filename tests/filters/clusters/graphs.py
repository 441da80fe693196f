"""Random graphs and their components by SciPy."""

import itertools

import numpy as np
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

NODES = 40


@st.composite
def graphs(draw):
    """Edges (uint64[edges] twice) of chains, stars, cliques and single edges, with loops and duplicates, shuffled."""
    edges = []
    for _ in range(draw(st.integers(0, 5))):
        members = draw(st.lists(st.integers(0, NODES - 1), min_size=1, max_size=12))
        shape = draw(st.sampled_from(["chain", "star", "clique"]))
        if shape == "chain":
            edges += list(itertools.pairwise(members))
        elif shape == "star":
            edges += [(members[0], member) for member in members]
        else:
            edges += [(a, b) for a in members for b in members]
    edges = draw(st.permutations(edges)) if len(edges) < 60 else edges
    array = np.array(edges, np.uint64).reshape(-1, 2)
    return array[:, 0].copy(), array[:, 1].copy()


def components(first, second, nodes=NODES) -> dict[int, int]:
    """Each node of a component of two or more: the smallest node of it. Dense nodes, by SciPy."""
    first, second = np.asarray(first, np.int64), np.asarray(second, np.int64)
    matrix = coo_array((np.ones(len(first), bool), (first, second)), shape=(nodes, nodes))
    labels = connected_components(matrix, directed=False)[1]
    smallest = np.full(nodes, nodes)
    np.minimum.at(smallest, labels, np.arange(nodes))
    sizes = np.bincount(labels, minlength=nodes)
    return {node: int(smallest[labels[node]]) for node in range(nodes) if sizes[labels[node]] > 1}


def spread(dense, shard_rows):
    """Dense numbers as nodes ``shard << 32 | row`` of shards with so many rows."""
    offsets = np.concatenate([[0], np.cumsum(shard_rows)]).astype(np.int64)
    dense = np.asarray(dense, np.int64)
    shards = np.searchsorted(offsets, dense, side="right") - 1
    return (shards.astype(np.uint64) << np.uint64(32)) | (dense - offsets[shards]).astype(np.uint64)
