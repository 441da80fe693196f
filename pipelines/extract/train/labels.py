"""Which blocks of a page its true text is made of: runs of the same words, in the same order.

Every block may stand at some places of the true text; the places chosen make the longest chain that runs through both
in order. So a headline that the navigation repeats is found once, where it belongs. Long blocks that the truth has in
another order are found afterwards, where the chain left words over.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Coverage = npt.NDArray[np.float32]
Index = dict[tuple[str, ...], list[int]]

RUN = 4
"""Words that are looked up together; of shorter blocks, all."""
MOST_PLACES = 30
"""Runs that the truth has more often say nothing of a place."""
CANDIDATES = 6
"""Places that are considered for a block."""
SLACK = 20
"""Words by which a part of a block may be away from its place, where the truth leaves something out or in."""


class _Place(NamedTuple):
    """Words ``start:end`` of the truth as a place of a block, ``same`` of whose words stand there."""

    block: int
    start: int
    end: int
    same: int


def coverage(blocks: Sequence[Sequence[str]], truth: Sequence[str]) -> Coverage:
    """float32[blocks]: the share of each block's words that the true text has at the block's place in it."""
    indexes = {length: _index(truth, length) for length in range(1, RUN + 1)}
    places = [place for number, words in enumerate(blocks) for place in _places(number, words, truth, indexes)]
    result = np.zeros(len(blocks), np.float32)
    used = np.zeros(len(truth), np.bool_)
    chosen = set()
    for place in _longest_chain(places, len(truth)):
        chosen.add(place.block)
        used[place.start : place.end] = True
        result[place.block] = _covered(blocks[place.block], place, indexes)
    for place in sorted(places, key=lambda place: -place.same):
        length = len(blocks[place.block])
        if place.block in chosen or place.same < max(6, 0.7 * length) or used[place.start : place.end].mean() >= 0.3:
            continue
        chosen.add(place.block)
        used[place.start : place.end] = True
        result[place.block] = place.same / length
    return result


def _index(words: Sequence[str], length: int) -> Index:
    index: Index = defaultdict(list)
    for start in range(len(words) - length + 1):
        index[tuple(words[start : start + length])].append(start)
    return dict(index)


def _places(number: int, words: Sequence[str], truth: Sequence[str], indexes: dict[int, Index]) -> list[_Place]:
    length = min(RUN, len(words))
    if not length:
        return []
    votes: Counter[int] = Counter()
    for offset in range(len(words) - length + 1):
        found = indexes[length].get(tuple(words[offset : offset + length]), ())
        if len(found) <= MOST_PLACES:
            votes.update(start - offset for start in found)
    places = []
    for shift, _ in votes.most_common(CANDIDATES):
        start, end = max(shift, 0), min(shift + len(words), len(truth))
        same = sum(truth[place] == words[place - shift] for place in range(start, end))
        if same >= 0.4 * len(words) or same >= 8:
            places.append(_Place(number, start, end, same))
    return places


def _longest_chain(places: Sequence[_Place], length: int) -> list[_Place]:
    """Places of rising blocks that do not overlap in the truth, with as many same words as can be (Fenwick tree)."""
    best: list[tuple[float, int]] = [(0.0, -1)] * (length + 2)
    before = [-1] * len(places)
    first = 0
    while first < len(places):
        reached = []
        behind = first
        while behind < len(places) and places[behind].block == places[first].block:
            value, before[behind] = _best_until(best, places[behind].start)
            reached.append((places[behind].end, (value + places[behind].same, behind)))
            behind += 1
        for end, value in reached:
            _raise_from(best, end, value)
        first = behind
    chain = []
    _, place = _best_until(best, length)
    while place >= 0:
        chain.append(places[place])
        place = before[place]
    return chain[::-1]


def _best_until(best: list[tuple[float, int]], end: int) -> tuple[float, int]:
    found, slot = (0.0, -1), end + 1
    while slot > 0:
        if best[slot][0] > found[0]:
            found = best[slot]
        slot -= slot & -slot
    return found


def _raise_from(best: list[tuple[float, int]], end: int, value: tuple[float, int]) -> None:
    """Of equal chains the later wins: a headline belongs to the text behind it, not to the menu before."""
    slot = end + 1
    while slot < len(best):
        if value[0] >= best[slot][0]:
            best[slot] = value
        slot += slot & -slot


def _covered(words: Sequence[str], place: _Place, indexes: dict[int, Index]) -> float:
    """The share of a block's words in runs that stand in the truth near the place."""
    length = min(RUN - 1, len(words))
    hit = np.zeros(len(words), np.bool_)
    low, high = place.start - len(words) - SLACK, place.end + len(words) + SLACK
    for offset in range(len(words) - length + 1):
        found = indexes[length].get(tuple(words[offset : offset + length]), ())
        if any(low <= start <= high for start in found):
            hit[offset : offset + length] = True
    return float(hit.mean())
