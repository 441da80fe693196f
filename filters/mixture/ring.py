"""The documents of one stratum on a ring, in the order of their keys; stages read on where the one before ended."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np
from numba import njit

from filters.mixture.keys import KEY_BITS, Integers, Keys

RING = 1 << KEY_BITS
MOST_SKIPPED = 256
"""Documents that are passed over because what is left of a budget is smaller."""
ENOUGH = 1e-4
"""Of a budget may be left without looking for documents that still fit."""


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

    @property
    def end(self) -> int:
        """Where the next stage begins."""
        return (self.start + self.span) % RING

    @property
    def passes(self) -> float:
        """How often it reads the ring."""
        return self.turns + self.fraction

    def copies(self, keys: Keys) -> Integers:
        """int64: how often it reads each document."""
        return self.turns + self.in_span(keys).astype(np.int64)

    def in_span(self, keys: Keys) -> np.ndarray:
        """bool: whether a document is read once more than ``turns``."""
        inside = (keys - np.uint64(self.start)) & np.uint64(RING - 1) < np.uint64(self.span)
        return inside & ~np.isin(keys, np.array(self.skipped, np.uint64))


@dataclass(frozen=True)
class Taken:
    """An arc, and what lies on it; what is read twice counts twice."""

    arc: Arc
    tokens: int
    documents: int


def take(ring: Ring, start: int, budget: int) -> Taken:
    """Documents from ``start`` on until ``budget`` tokens are full, never more.

    A document that does not fit is passed over for later ones that do, up to ``MOST_SKIPPED`` of them.
    """
    total, all_documents = int(ring.tokens.sum()), int(ring.documents.sum())
    if not total:
        return Taken(Arc(start, 0, 0), 0, 0)
    turns, left = divmod(budget, total)
    wanted, documents, span, skipped = left, 0, 0, []
    for first, last, some in _parts(ring, start):
        if left <= ENOUGH * wanted or len(skipped) >= MOST_SKIPPED:
            break
        tokens, count = _sums(ring, first, some)
        if tokens <= left:
            left, documents, span = left - tokens, documents + count, last if count else span
            continue
        part = ring.read(first) if some is None else some
        is_taken, left = _fitting(part.lengths, left, int(ENOUGH * wanted), MOST_SKIPPED - len(skipped))
        places = (part.keys - np.uint64(start)) & np.uint64(RING - 1)
        skipped += [int(place) for place in places[: len(is_taken)][~is_taken]]
        if is_taken.any():
            documents += int(is_taken.sum())
            span = int(places[: len(is_taken)][is_taken][-1]) + 1
    keys = tuple((place + start) % RING for place in skipped if place < span)
    arc = Arc(start, turns, span, keys, (wanted - left) / total)
    return Taken(arc, turns * total + wanted - left, turns * all_documents + documents)


def take_nearest(ring: Ring, of: Arc, budget: int) -> Taken:
    """Documents of an arc from its start on, each in turn and once, until their tokens are nearest to ``budget``.

    What a smaller budget takes is part of what a larger one takes. ``budget`` is at most what the arc has.
    """
    total = int(ring.tokens.sum())
    left = wanted = min(budget, total)
    documents, span, skipped = 0, 0, () if of.turns else of.skipped
    parts_with_skipped = {key // (RING // len(ring.tokens)) for key in skipped}
    for first, last, some in _parts(ring, of.start):
        part = ring.read(first) if some is None and first in parts_with_skipped else some
        part = part and _without(part, skipped)
        tokens, count = _sums(ring, first, part)
        if tokens <= left:
            left, documents, span = left - tokens, documents + count, last if count else span
            continue
        part = ring.read(first) if part is None else part
        sums = np.cumsum(part.lengths)
        count = int((2 * left >= sums + np.append(0, sums[:-1])).sum())  # no farther beyond than short of it
        if count:
            left, documents = left - int(sums[count - 1]), documents + count
            span = (int(part.keys[count - 1]) - of.start) % RING + 1
        break
    within = tuple(key for key in skipped if (key - of.start) % RING < span)
    arc = Arc(of.start, 0, span, within, (wanted - left) / total if total else 0.0)
    return Taken(arc, wanted - left, documents)


def _without(part: Documents, skipped: tuple[int, ...]) -> Documents:
    stays = ~np.isin(part.keys, np.array(skipped, np.uint64))
    return Documents(part.keys[stays], part.lengths[stays])


def _parts(ring: Ring, start: int) -> Iterator[tuple[int, int, Documents | None]]:
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


def _sums(ring: Ring, number: int, part: Documents | None) -> tuple[int, int]:
    """Tokens and documents."""
    if part is None:
        return int(ring.tokens[number]), int(ring.documents[number])
    return int(part.lengths.sum()), len(part.keys)


@njit(cache=True, nogil=True)
def _fitting(lengths: Integers, left: int, enough: int, most_skipped: int) -> tuple[np.ndarray, int]:
    """Which documents still fit, as far as was looked, and what is then left."""
    is_taken = np.zeros(len(lengths), np.bool_)
    skipped = 0
    for row in range(len(lengths)):
        if lengths[row] <= left:
            is_taken[row] = True
            left -= lengths[row]
        else:
            skipped += 1
        if left <= enough or skipped == most_skipped:
            return is_taken[: row + 1], left
    return is_taken, left
