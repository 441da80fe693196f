"""Rings in memory, for tests."""

from collections.abc import Sequence

import numpy as np

from filters.mixture.ring import RING, Arc, Documents


class MemoryRing:
    """Some documents, in any number of parts."""

    def __init__(self, keys: Sequence[int], lengths: Sequence[int], parts: int = 4) -> None:
        order = np.argsort(np.array(keys, np.uint64), kind="stable")
        self.longest = max(lengths, default=0)
        self.all = Documents(np.array(keys, np.uint64)[order], np.array(lengths, np.int64)[order])
        self._edges = [part * (RING // parts) for part in range(parts + 1)]
        self.tokens = np.array([self.read(part).lengths.sum() for part in range(parts)], np.int64)
        self.documents = np.array([len(self.read(part).keys) for part in range(parts)], np.int64)

    def read(self, part: int) -> Documents:
        """The documents of a part."""
        return self.all.part(self._edges[part], self._edges[part + 1])

    def read_by(self, arc: Arc) -> tuple[int, int]:
        """Tokens and documents that an arc reads, by looking at every document."""
        copies = arc.copies(self.all)
        return int((copies * self.all.lengths).sum()), int(copies.sum())


def random_ring(seed: int, documents: int, parts: int = 4, most: int = 30) -> MemoryRing:
    """Documents of 1 to ``most`` tokens."""
    generator = np.random.default_rng(seed)
    keys = np.unique(generator.integers(0, RING, documents))
    return MemoryRing(keys.tolist(), generator.integers(1, most + 1, len(keys)).tolist(), parts)
