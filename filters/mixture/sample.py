"""What a sample takes of the arc of its stage: a small part, in which no single document weighs much."""

import numpy as np

from filters.mixture.keys import KEY_BITS, Integers, Keys
from filters.mixture.ring import RING, Arc, Ring, Taken, parts_from, places_from

LARGEST_SHARE = 0.1
"""Of a sample's tokens of a stratum may be one document's; in a larger sample, longer documents are taken too."""
_COARSE = 31
"""Bits of a span that play no part in how long a document may be."""


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
    for number, last, some in parts_from(ring, of.start):
        part = ring.read(number) if some is None else some
        inside = whole.in_span(part)
        short_enough = np.minimum(_span_for(part.lengths[inside], limit), np.uint64(whole.span))
        needs = np.concatenate(
            [needs, np.maximum(places_from(part.keys[inside], of.start) + np.uint64(1), short_enough)]
        )
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
