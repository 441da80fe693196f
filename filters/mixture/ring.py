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
LARGEST_SHARE = 0.1
"""Of a sample's tokens of a stratum may be one document's; in a larger sample, longer documents are taken too."""
_COARSE = 31
"""Bits of a span that play no part in how long a document may be."""


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
        inside = _places(keys, self.start) < np.uint64(self.span)
        if self.longest is not None:
            inside &= lengths <= self.longest
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
        places = _places(part.keys, start)
        skipped += [int(place) for place in places[: len(is_taken)][~is_taken]]
        if is_taken.any():
            documents += int(is_taken.sum())
            span = int(places[: len(is_taken)][is_taken][-1]) + 1
    keys = tuple((place + start) % RING for place in skipped if place < span)
    arc = Arc(start, turns, span, keys, (wanted - left) / total)
    return Taken(arc, turns * total + wanted - left, turns * all_documents + documents)


def take_nearest(ring: Ring, of: Arc, budget: int) -> Taken:
    """Documents of an arc, each once, with tokens as near to ``budget`` as the last of them allows.

    They come in an order that no budget changes, so what a smaller one takes is part of what a larger one takes: from
    the arc's start on, but long ones wait until they are less than about ``LARGEST_SHARE`` of the sample. Memory: a
    part of the ring, and the documents that wait, at most parts / ``LARGEST_SHARE``.
    """
    whole = Arc(of.start, 0, RING) if of.turns else of
    total = int(ring.tokens.sum())
    left, documents, span = min(budget, total), 0, 0
    wanted = left
    if not whole.span or not total:
        return Taken(Arc(of.start, 0, 0), 0, 0)
    # The longest document that is taken grows with the span, so that at the end of the arc none is too long.
    limit = min(RING // 2, max(1, int(LARGEST_SHARE * total), ring.longest * RING // whole.span))
    needs, lengths = np.zeros(0, np.uint64), np.zeros(0, np.int64)
    for number, last, some in _parts(ring, of.start):
        part = ring.read(number) if some is None else some
        inside = whole.in_span(part)
        short_enough = np.minimum(_span_for(part.lengths[inside], limit), np.uint64(whole.span))
        needs = np.concatenate([needs, np.maximum(_places(part.keys[inside], of.start) + np.uint64(1), short_enough)])
        lengths = np.concatenate([lengths, part.lengths[inside]])
        chosen, tokens, is_full = _nearest(needs, lengths, last, left)
        if len(chosen):
            left, documents, span = left - tokens, documents + len(chosen), int(needs[chosen[-1]])
        if is_full:
            break
        waiting = needs > np.uint64(last)
        needs, lengths = needs[waiting], lengths[waiting]
    skipped = tuple(key for key in whole.skipped if (key - of.start) % RING < span)
    longest = None if span == whole.span else ((span >> _COARSE) * limit) >> (KEY_BITS - _COARSE)
    return Taken(
        Arc(of.start, 0, span, skipped, (wanted - left) / total if total else 0.0, longest), wanted - left, documents
    )


def _nearest(needs: Keys, lengths: Integers, last: int, left: int) -> tuple[Integers, int, bool]:
    """Documents that a span up to ``last`` lets in, as far as they bring their tokens nearest to ``left``.

    Returns their positions in order, their tokens, and whether there are more that are not taken. Those that the same
    span lets in are taken together.
    """
    ready = np.flatnonzero(needs <= np.uint64(last))
    ready = ready[np.lexsort((lengths[ready], needs[ready]))]
    ends = np.flatnonzero(np.append(np.diff(needs[ready]) > 0, True)[: len(ready)])
    sums = np.cumsum(lengths[ready])[ends]
    # A step is taken if it brings them no farther beyond the budget than they were short of it.
    steps = int((2 * left >= sums + np.append(0, sums[:-1])).sum())
    if not steps:
        return ready[:0], 0, len(ends) > 0
    return ready[: ends[steps - 1] + 1], int(sums[steps - 1]), steps < len(ends)


def _span_for(lengths: Integers, limit: int) -> Keys:
    """uint64: from which span on documents are short enough: ``limit`` is the longest for the whole ring."""
    steps = -(-(lengths << (KEY_BITS - _COARSE)) // limit)
    return np.minimum(steps, 1 << (KEY_BITS - _COARSE)).astype(np.uint64) << np.uint64(_COARSE)


def _places(keys: Keys, start: int) -> Keys:
    """uint64: how far from ``start`` keys are."""
    return (keys - np.uint64(start)) & np.uint64(RING - 1)


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
