"""Candidate edges of one bucket of the exchange: documents that share a band hash, tied to one of them.

A group of n documents gives n - 1 edges, a star around its centre, never all n (n - 1) / 2 pairs: so no group can
explode, whatever its size.
"""

from dataclasses import dataclass

import numpy as np

from filters.clusters.nodes import Nodes
from filters.clusters.pairs import Integers, Unsigned, sort_by_key, unique_pairs
from filters.kernel import kernel

EXAMPLES = 3


@dataclass(frozen=True)
class HotGroup:
    """A band hash that more documents share than one would expect of duplicates: a template, or an empty text."""

    band_hash: int
    members: int
    """Distinct documents."""
    examples: tuple[int, ...]
    """The first documents of the group, its centre first; at most three."""


@dataclass(frozen=True)
class StarEdges:
    """The distinct edges of a bucket (uint64[edges] each), sorted by centre, then by member."""

    centres: Nodes
    members: Nodes
    hot: tuple[HotGroup, ...]
    """Groups over the cap, by falling size; their edges are among the others."""


def star_edges(band_hashes: Nodes, nodes: Nodes, *, hot_members: int) -> StarEdges:
    """Ties each document to the lowest node with the same band hash.

    ``band_hashes`` and ``nodes`` are uint64[n], in any order. A node depends on how the corpus is cut into shards, and
    so do the edges, but not the components that they make. Groups of more than ``hot_members`` documents are reported.
    Time: linear. Memory: 24 bytes a row besides the inputs, and 64 bytes an edge.

    Raises ``ValueError`` if the arrays differ in length or there are 2^32 rows or more.
    """
    if len(band_hashes) != len(nodes):
        raise ValueError(f"{len(band_hashes)} band hashes and {len(nodes)} nodes do not match")
    if len(nodes) >= 2**32:
        raise ValueError(f"a bucket of {len(nodes)} rows is too large: give the exchange more buckets")
    hashes, rows = sort_by_key(band_hashes, np.arange(len(nodes), dtype=np.uint32))
    centres, members, bounds = _stars(hashes, rows, nodes, hot_members)
    hot = [_hot_group(int(hashes[start]), nodes[rows[start:end]]) for start, end in bounds]
    del hashes, rows  # the next sort needs the room
    centres, members = unique_pairs(centres, members)
    over = [group for group in hot if group.members > hot_members]
    return StarEdges(centres, members, tuple(sorted(over, key=lambda group: (-group.members, group.band_hash))))


def _hot_group(band_hash: int, nodes: Nodes) -> HotGroup:
    members = np.unique(nodes)
    return HotGroup(band_hash, len(members), tuple(int(node) for node in members[:EXAMPLES]))


@kernel
def _stars(hashes: Nodes, rows: Unsigned, nodes: Nodes, hot_rows: int) -> tuple[Nodes, Nodes, Integers]:
    """Edges of the groups of equal ``hashes``, and [groups, 2] where groups of more than ``hot_rows`` begin and end."""
    edges, hot, start = 0, 0, 0
    for i in range(1, len(hashes) + 1):
        if i == len(hashes) or hashes[i] != hashes[start]:
            edges += i - start - 1
            hot += i - start > hot_rows
            start = i
    centres, members = np.empty(edges, np.uint64), np.empty(edges, np.uint64)
    bounds = np.empty((hot, 2), np.int64)
    edges, hot, start = 0, 0, 0
    for i in range(1, len(hashes) + 1):
        if i < len(hashes) and hashes[i] == hashes[start]:
            continue
        if i - start > hot_rows:
            bounds[hot, 0], bounds[hot, 1] = start, i
            hot += 1
        centre = nodes[rows[start]]
        for j in range(start + 1, i):
            centre = min(centre, nodes[rows[j]])
        for j in range(start, i):
            if nodes[rows[j]] != centre:
                centres[edges] = centre
                members[edges] = nodes[rows[j]]
                edges += 1
        start = i
    return centres[:edges], members[:edges], bounds
