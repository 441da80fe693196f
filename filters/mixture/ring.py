"""The documents of one stratum on a ring, in the order of their keys, and what is read of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from filters.mixture.keys import KEY_BITS, Integers, Keys

RING = 1 << KEY_BITS
"""Keys are below."""


class Documents(NamedTuple):
    """Some documents of a ring, by key."""

    keys: Keys
    lengths: Integers
    """int64: tokens of each, those around it included; at least 1."""

    def part(self, start: int, end: int) -> "Documents":
        """Those with keys from ``start`` to before ``end``."""
        first, last = np.searchsorted(self.keys, np.array([start, end], np.uint64)).tolist()
        return Documents(self.keys[first:last], self.lengths[first:last])


class Ring(Protocol):
    """A stratum, in parts of equal size by key, so that it need not be in memory."""

    longest: int
    """Tokens of its longest document."""

    tokens: Integers
    """int64[parts], a power of two of them: tokens in each."""
    documents: Integers
    """int64[parts]"""

    def read(self, part: int) -> Documents:
        """The documents of a part."""
        ...


@dataclass(frozen=True)
class Arc:
    """What a stage reads of a ring: all of it some times, then once from ``start`` on as far as ``span``."""

    start: int
    turns: int
    span: int
    skipped: tuple[int, ...] = ()
    """Keys inside the span that are left out."""
    fraction: float = 0.0
    """Tokens of the span as a part of the ring."""
    longest: int | None = None
    """Longer documents are left out; None: there is no limit."""

    @property
    def end(self) -> int:
        """Where the next stage begins."""
        return (self.start + self.span) % RING

    @property
    def passes(self) -> float:
        """How often it reads the ring."""
        return self.turns + self.fraction

    def copies(self, documents: Documents) -> Integers:
        """int64: how often it reads each document."""
        return self.turns + self.in_span(documents).astype(np.int64)

    def in_span(self, documents: Documents) -> np.ndarray:
        """bool: whether a document is read once more than ``turns``."""
        keys, lengths = documents
        inside = places_from(keys, self.start) < np.uint64(self.span)
        if self.longest is not None:
            inside &= lengths <= self.longest
        return inside & ~np.isin(keys, np.array(self.skipped, np.uint64))


@dataclass(frozen=True)
class Taken:
    """An arc, and what lies on it; what is read twice counts twice."""

    arc: Arc
    tokens: int
    documents: int


def places_from(keys: Keys, start: int) -> Keys:
    """uint64: how far from ``start`` keys are."""
    return (keys - np.uint64(start)) & np.uint64(RING - 1)


def parts_from(ring: Ring, start: int) -> Iterator[tuple[int, int, Documents | None]]:
    """The ring's parts from ``start`` on: number, where it ends counted from ``start``, and its documents.

    The documents are given where only some of the part are meant: the first, and the same again at the end.
    """
    parts = len(ring.tokens)
    width = RING // parts
    own = start // width
    yield own, (own + 1) * width - start, ring.read(own).part(start, RING)
    for step in range(1, parts):
        yield (own + step) % parts, (own + step + 1) * width - start, None
    yield own, RING, ring.read(own).part(0, start)
