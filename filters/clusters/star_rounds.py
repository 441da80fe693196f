"""Connected components by alternating large-star and small-star rounds, as functions over one bucket of edges.

Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii 2014, "Connected Components in MapReduce and Beyond". Each phase
looks at every node with all its neighbours and ties some of them to the smallest instead. No phase adds an edge or
changes a component; when two phases in a row change nothing, every component is a star around its smallest node.

A bucket holds (node, neighbour) pairs, all pairs of a node in one bucket. Large-star needs each edge in both
directions, small-star once, from its larger end. A bucket may come in parts, if one node has more neighbours than
memory holds: `smallest_neighbours` of each part, `merge` of these, then the star of each part.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from filters.clusters.pairs import Pairs
from filters.kernel import kernel

Nodes = npt.NDArray[np.uint64]


class Star(NamedTuple):
    """What a phase makes of a bucket: edges (uint64[edges] each) and how many of them are not as they were."""

    smaller: Nodes
    larger: Nodes
    changed: int


def edge_ends(first: Nodes, second: Nodes) -> Pairs:
    """Each edge as (smaller, larger), without loops."""
    proper = first != second
    if not proper.all():
        first, second = first[proper], second[proper]
    return np.minimum(first, second), np.maximum(first, second)


def smallest_neighbours(nodes: Nodes, neighbours: Nodes) -> Pairs:
    """The distinct nodes of sorted pairs (uint64[n] each) and the smallest neighbour of each."""
    start = np.flatnonzero(np.concatenate([np.ones(min(len(nodes), 1), np.bool_), nodes[1:] != nodes[:-1]]))
    return nodes[start], neighbours[start]


def merge(parts: Sequence[Pairs]) -> Pairs:
    """The smallest neighbours of a whole bucket from those of its parts."""
    if len(parts) == 1:
        return parts[0]
    nodes = np.concatenate([nodes for nodes, _ in parts])
    neighbours = np.concatenate([neighbours for _, neighbours in parts])
    order = np.lexsort((neighbours, nodes))
    return smallest_neighbours(nodes[order], neighbours[order])


def large_star(pairs: Pairs, smallest: Pairs) -> Star:
    """Ties each neighbour larger than its node to the smallest of the node and its neighbours.

    ``pairs`` are sorted by node; ``smallest`` has every node of theirs, sorted, with the smallest neighbour.
    """
    return Star(*_large_star(*pairs, *smallest))


def small_star(pairs: Pairs, smallest: Pairs) -> Star:
    """Ties each node and its neighbours, which are all smaller, to the smallest of them; arguments as `large_star`."""
    return Star(*_small_star(*pairs, *smallest))


@kernel
def _large_star(nodes: Nodes, neighbours: Nodes, distinct: Nodes, smallest: Nodes) -> tuple[Nodes, Nodes, int]:
    smaller, larger = np.empty(len(nodes), np.uint64), np.empty(len(nodes), np.uint64)
    edges, changed, place = 0, 0, 0
    for i in range(len(nodes)):
        while distinct[place] != nodes[i]:
            place += 1
        if neighbours[i] > nodes[i]:
            centre = min(nodes[i], smallest[place])
            smaller[edges] = centre
            larger[edges] = neighbours[i]
            edges += 1
            changed += centre != nodes[i]
    return smaller[:edges], larger[:edges], changed


@kernel
def _small_star(nodes: Nodes, neighbours: Nodes, distinct: Nodes, smallest: Nodes) -> tuple[Nodes, Nodes, int]:
    smaller, larger = np.empty(len(nodes), np.uint64), np.empty(len(nodes), np.uint64)
    changed, place = 0, 0
    for i in range(len(nodes)):
        while distinct[place] != nodes[i]:
            place += 1
        centre = smallest[place]
        smaller[i] = centre
        larger[i] = nodes[i] if neighbours[i] == centre else neighbours[i]
        changed += neighbours[i] != centre
    return smaller, larger, changed
