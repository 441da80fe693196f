"""Verified clusters of candidates, over integers."""

from typing import NamedTuple

import numpy as np

from filters.kernel import kernel
from filters.minhash.jaccard import FALSE, jaccard_if

COMPARISONS_A_MEMBER = 32
"""Pairs looked at for each member of a group over the cap: at least as many clusters of it are found."""

ALL, NEVER = -1, (1 << 31) - 2
"""Turns: the group was looked at whole; the member was still there at the end of a group that was not."""


class State(NamedTuple):
    """What the kernels read and write; documents are numbered in order of ``doc_id``.

    ``order`` (int64[documents]) is where each stands in ``bands`` (uint64[documents, bands]) and in the sorted sets
    ``hashes`` (uint64) with ``offsets`` (int64[documents + 1]). ``parent`` (int64[documents]) is the union-find forest,
    ``partner`` (int64, -1: none) a verified duplicate of each and ``similarity`` (float64) that pair's. ``turns``
    (int32[documents, bands]) remembers who was compared with whom, see `_known`. ``counts`` (int64[3]) are pairs
    compared, pairs verified, and rows written to ``large`` (int64[groups over the cap, 7]): band, members, pairs
    compared, members left over, first three members.
    """

    order: np.ndarray
    bands: np.ndarray
    hashes: np.ndarray
    offsets: np.ndarray
    parent: np.ndarray
    partner: np.ndarray
    similarity: np.ndarray
    turns: np.ndarray
    counts: np.ndarray
    large: np.ndarray


@kernel
def unite_groups(state: State, members: np.ndarray, band: int, threshold: float, cap: int) -> None:
    """Unite what is verified in the groups of one band; earlier bands must have been looked at before.

    ``members`` (int64[documents]) are all documents by band hash, those of one hash in order of their numbers.
    """
    first = 0
    for last in range(1, len(members) + 1):
        if last == len(members) or _hash(state, members[last], band) != _hash(state, members[first], band):
            if last - first > 1:
                _unite_group(state, members[first:last], band, threshold, cap)
            first = last


@kernel
def _unite_group(state: State, members: np.ndarray, band: int, threshold: float, cap: int) -> None:
    """Unite the verified pairs of one group.

    In each turn one member is compared with all that are left. In a group up to the cap everyone who leaves has a
    turn: every pair is looked at, or united already. Beyond it only leaders have, the first of those left, until the
    bound is reached.
    """
    whole = len(members) <= cap
    for member in members:
        state.turns[member, band] = ALL if whole else NEVER
    left, waiting = members.copy(), np.empty(len(members), np.int64)
    compared_before = state.counts[0]
    remaining, queued, turn, looked_at = len(members), 0, 0, 0
    while queued or remaining > 1:
        first = 0
        if queued:
            queued -= 1
            leader = waiting[queued]
        elif whole or looked_at < COMPARISONS_A_MEMBER * len(members):
            leader = left[0]
            first = 1
        else:
            break
        turn += 1
        if not whole:
            state.turns[leader, band] = 2 * turn + 1
        looked_at += remaining
        kept = 0
        for i in range(first, remaining):
            member = left[i]
            if not _are_united(state, leader, member, band, threshold):
                left[kept] = member
                kept += 1
            elif whole:
                waiting[queued] = member
                queued += 1
            else:
                state.turns[member, band] = 2 * turn
        remaining = kept
    if not whole and turn > 1:
        _report(state.large[state.counts[2]], members, band, state.counts[0] - compared_before, remaining)
        state.counts[2] += 1


@kernel
def _report(row: np.ndarray, members: np.ndarray, band: int, compared: int, left_over: int) -> None:
    row[0], row[1], row[2], row[3] = band, len(members), compared, left_over
    for i in range(3):
        row[4 + i] = members[i]


@kernel
def _are_united(state: State, left: int, right: int, band: int, threshold: float) -> bool:
    """Are two members in one cluster, after a comparison if need be."""
    left_root, right_root = _find(state.parent, left), _find(state.parent, right)
    if left_root == right_root:
        return True
    if _known(state, left, right, band):
        return False
    similarity = jaccard_if(_set(state, left), _set(state, right), threshold)
    state.counts[0] += 1
    if similarity == FALSE:
        return False
    state.counts[1] += 1
    state.parent[max(left_root, right_root)] = min(left_root, right_root)
    for document, partner in ((left, right), (right, left)):
        if state.partner[document] < 0:
            state.partner[document], state.similarity[document] = partner, similarity
    return True


@kernel
def _known(state: State, left: int, right: int, band: int) -> bool:
    """Was a pair that is not united compared in an earlier band.

    In a whole group all pairs were. Of a larger one, ``turns`` has ``2 t + 1`` for the leader of turn t and ``2 t``
    for who left in it: leaders met those who left in their turn or later.
    """
    for earlier in range(band):
        if _hash(state, left, earlier) != _hash(state, right, earlier):
            continue
        left_turn, right_turn = state.turns[left, earlier], state.turns[right, earlier]
        if left_turn == ALL:
            return True
        first = min(left_turn, right_turn)
        if first & 1:
            return True
    return False


@kernel
def _hash(state: State, document: int, band: int) -> np.uint64:
    return state.bands[state.order[document], band]


@kernel
def _set(state: State, document: int) -> np.ndarray:
    position = state.order[document]
    return state.hashes[state.offsets[position] : state.offsets[position + 1]]


@kernel
def _find(parent: np.ndarray, document: int) -> int:
    """The root of a document's cluster, its path halved on the way; roots have the least number."""
    while parent[document] != document:
        parent[document] = parent[parent[document]]
        document = parent[document]
    return document


@kernel
def choose_survivors(state: State, rank: np.ndarray, threshold: float) -> tuple[np.ndarray, np.ndarray]:
    """The survivor of everyone's cluster (int64[documents]) and the similarity with it (float64[documents]).

    ``rank`` (int64) is by position; the least of a cluster survives, the first of equal ones. Where the survivor
    itself is a verified duplicate, it becomes the partner.
    """
    documents = len(state.order)
    survivor, similarity = np.empty(documents, np.int64), np.ones(documents, np.float64)
    best = np.arange(documents)  # of each root
    for document in range(documents):
        # Parents have lower numbers, so the parent of this one is settled already.
        root = state.parent[document] = state.parent[state.parent[document]]
        if rank[state.order[document]] < rank[state.order[best[root]]]:
            best[root] = document
    for document in range(documents):
        survivor[document] = best[state.parent[document]]
        if survivor[document] != document:
            similarity[document] = jaccard_if(_set(state, document), _set(state, survivor[document]), 0.0)
            if similarity[document] >= threshold:
                state.partner[document], state.similarity[document] = survivor[document], similarity[document]
    return survivor, similarity
