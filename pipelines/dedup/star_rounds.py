"""Connected components of any number of edges: star rounds bucket by bucket, spilled to a local disk in between.

The functions of `filters.clusters.star_rounds` do the work; here the buckets pass through memory one by one.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from filters.clusters.nodes import ROW_BITS, Nodes
from filters.clusters.pairs import Pairs, sort_by_key, unique_pairs
from filters.clusters.star_rounds import Star, edge_ends, large_star, merge, small_star, smallest_neighbours
from filters.clusters.union_find import Numbers
from pipelines.dedup.spill import PairBuckets, PairFile
from pipelines.engine.outputs.files import remove_leftovers

PAIR_BYTES = 64
"""Memory for each pair of a bucket at the worst moment: the pairs as read, and three copies while they are sorted."""
SKEW = 1.25
"""How much larger than the average a bucket may be and still be held whole."""
MOST_BUCKETS = 512
"""Files open at once; many systems allow 1,024."""
RUN_BATCH_PAIRS = 1 << 13
"""Pairs of each bucket in memory while the components of all are read shard by shard: 128 KB."""


class StarRounds:
    """Components of more edges and documents than memory holds, the same ones as union-find's.

    A context: the spilled files are gone at its end, and at its beginning those that a killed process left.

    Memory: ``memory_bytes`` and 100 MB, as long as there are not more than 3 edges for each byte of it (1.6 billion in
    512 MB). A larger bucket, or one with a node of very many neighbours, is worked through in parts and takes 64 bytes
    for each distinct node in it besides. Disk: 48 bytes an edge.
    """

    def __init__(self, folder: Path, *, edges: int, memory_bytes: int) -> None:
        """``folder`` is on a local disk; ``edges`` is about how many will come."""
        self._folder = folder
        self._most = max(1, memory_bytes // PAIR_BYTES)
        self._buckets = min(MOST_BUCKETS, max(1, -int(-2 * edges * SKEW // self._most)))
        self._spilled: list[PairBuckets] = []
        self._runs: list[PairFile] = []
        self.rounds = 0
        """How many rounds it took, each a large-star and a small-star; the last one changes nothing."""

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        remove_leftovers(str(self._folder))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for spilled in [*self._spilled, *self._runs]:
            spilled.remove()

    def run(self, edges: Iterable[Pairs]) -> None:
        """Join the components of both ends of each edge.

        ``edges`` are batches of uint64[n] twice, in any order and direction, with loops and duplicates.

        Raises OutputError if the disk is full.
        """
        pairs = self._spill("edges")
        for first, second in edges:
            smaller, larger = edge_ends(first, second)
            pairs.write(smaller, larger)
            pairs.write(larger, smaller)
        changed = 1
        while changed:
            self.rounds += 1
            pairs, by_large = self._phase(pairs, large_star, both_ways=False)
            pairs, by_small = self._phase(pairs, small_star, both_ways=True)
            changed = by_large + by_small
        self._runs = [PairFile(self._folder, f"components-{bucket:04d}") for bucket in range(self._buckets)]
        for file, run in zip(pairs.files, self._runs, strict=True):
            self._write_run(file, run)

    def components(self, shards: int) -> Iterator[tuple[Numbers, Nodes]]:
        """For each shard its documents in components of two or more: rows (uint32, rising) and components (uint64).

        A component is named by its smallest node. Memory: 128 KB a bucket, and 72 bytes for each document of one shard.
        """
        cursors = [_Cursor(run.batches()) for run in self._runs]
        for shard in range(shards):
            found = [pairs for cursor in cursors for pairs in cursor.below((shard + 1) << ROW_BITS)]
            nodes = np.concatenate([np.empty(0, np.uint64), *(nodes for nodes, _ in found)])
            components = np.concatenate([np.empty(0, np.uint64), *(components for _, components in found)])
            nodes, components = sort_by_key(nodes, components)
            yield (nodes & np.uint64(0xFFFFFFFF)).astype(np.uint32), components.astype(np.uint64, copy=False)

    def _spill(self, name: str) -> PairBuckets:
        spilled = PairBuckets(self._folder, name, self._buckets)
        self._spilled.append(spilled)
        return spilled

    def _phase(
        self, pairs: PairBuckets, star: Callable[[Pairs, Pairs], Star], *, both_ways: bool
    ) -> tuple[PairBuckets, int]:
        """What a star makes of all buckets, in new ones by the larger end (``both_ways``: by each end), and changes."""
        pairs.close()
        result = self._spill(f"{star.__name__}-{self.rounds}")
        changed = 0
        for file in pairs.files:
            for smaller, larger, changes in self._stars(file, star):
                changed += changes
                result.write(larger, smaller)
                if both_ways:
                    result.write(smaller, larger)
            file.remove()
        self._spilled.remove(pairs)
        return result, changed

    def _stars(self, file: PairFile, star: Callable[[Pairs, Pairs], Star]) -> Iterator[Star]:
        if file.pairs <= self._most:
            for part in file.parts(self._most):
                pairs = unique_pairs(*part)
                yield star(pairs, smallest_neighbours(*pairs))
        else:
            smallest = self._smallest(file)
            for part in file.parts(self._most):
                yield star(unique_pairs(*part), smallest)

    def _smallest(self, file: PairFile) -> Pairs:
        result = smallest_neighbours(np.empty(0, np.uint64), np.empty(0, np.uint64))
        for part in file.parts(self._most):
            result = merge([result, smallest_neighbours(*unique_pairs(*part))])
        return result

    def _write_run(self, file: PairFile, run: PairFile) -> None:
        """The nodes of a bucket in rising order, each with its component."""
        file.close()
        nodes, neighbours = self._smallest(file)
        components = np.minimum(nodes, neighbours)
        for start in range(0, len(nodes), RUN_BATCH_PAIRS):
            run.write(nodes[start : start + RUN_BATCH_PAIRS], components[start : start + RUN_BATCH_PAIRS])
        run.close()
        file.remove()


class _Cursor:
    """A place in a sorted run of pairs, moving up."""

    def __init__(self, batches: Iterator[Pairs]) -> None:
        self._batches = batches
        self._nodes, self._components = np.empty(0, np.uint64), np.empty(0, np.uint64)

    def below(self, bound: int) -> list[Pairs]:
        """The pairs from here up to the node ``bound``."""
        found: list[Pairs] = []
        while True:
            cut = int(np.searchsorted(self._nodes, np.uint64(bound)))
            if cut:
                found.append((self._nodes[:cut], self._components[:cut]))
                self._nodes, self._components = self._nodes[cut:], self._components[cut:]
            if len(self._nodes):
                return found
            batch = next(self._batches, None)
            if batch is None:
                return found
            self._nodes, self._components = batch
