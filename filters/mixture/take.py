"""What a stage takes of a ring: documents on from where the stage before has ended, until its budget is full."""

import numpy as np

from filters.kernel import kernel
from filters.mixture.keys import Integers
from filters.mixture.ring import RING, Arc, Documents, Ring, Taken, parts_from, places_from

MOST_SKIPPED = 256
"""Documents that are passed over because what is left of a budget is smaller."""
ENOUGH = 1e-4
"""Of a budget may be left without looking for documents that still fit."""


def take(ring: Ring, start: int, budget: int) -> Taken:
    """Documents from ``start`` on until ``budget`` tokens are full, never more.

    A document that does not fit is passed over for later ones that do, up to ``MOST_SKIPPED`` of them.
    """
    total, all_documents = int(ring.tokens.sum()), int(ring.documents.sum())
    if not total:
        return Taken(Arc(start, 0, 0), 0, 0)
    turns, left = divmod(budget, total)
    wanted, documents, span, skipped = left, 0, 0, []
    for first, last, some in parts_from(ring, start):
        if left <= ENOUGH * wanted or len(skipped) >= MOST_SKIPPED:
            break
        tokens, count = _sums(ring, first, some)
        if tokens <= left:
            left, documents, span = left - tokens, documents + count, last if count else span
            continue
        part = ring.read(first) if some is None else some
        is_taken, left = _fitting(part.lengths, left, int(ENOUGH * wanted), MOST_SKIPPED - len(skipped))
        places = places_from(part.keys, start)
        skipped += [int(place) for place in places[: len(is_taken)][~is_taken]]
        if is_taken.any():
            documents += int(is_taken.sum())
            span = int(places[: len(is_taken)][is_taken][-1]) + 1
    keys = tuple((place + start) % RING for place in skipped if place < span)
    arc = Arc(start, turns, span, keys, (wanted - left) / total)
    return Taken(arc, turns * total + wanted - left, turns * all_documents + documents)


def _sums(ring: Ring, number: int, part: Documents | None) -> tuple[int, int]:
    """Tokens and documents."""
    if part is None:
        return int(ring.tokens[number]), int(ring.documents[number])
    return int(part.lengths.sum()), len(part.keys)


@kernel
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
