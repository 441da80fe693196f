"""Best-fit packing: a document is cut only if it is longer than a sequence, and sequences are nearly full.

The longest pieces go first, each into the fullest sequence that still has room for it (Ding et al. 2024, "Fewer
Truncations Improve Language Modeling", https://arxiv.org/abs/2404.10830). Some trainers drop what is longer than a
sequence; here it becomes full sequences and a rest that is packed like any other piece.
"""

import numpy as np

from filters.kernel import kernel
from filters.packing.pieces import Integers, Packing, split


def best_fit(lengths: Integers, sequence_length: int) -> Packing:
    """Documents of ``lengths`` (int64, in tokens), at most ``sequence_length`` of them in a sequence.

    Sequences come in the order in which they were begun, their pieces in the order of the documents. Time: for each
    piece a few steps for each binary digit of ``sequence_length``.
    """
    pieces = split(lengths, sequence_length)
    longest_first = np.argsort(-pieces.length, kind="stable")
    sequence = np.empty(len(longest_first), np.int64)
    sequence[longest_first] = _assign(pieces.length[longest_first], sequence_length)
    by_sequence = np.argsort(sequence, kind="stable")
    counts = np.bincount(sequence)
    return Packing(pieces.take(by_sequence), np.concatenate([[0], np.cumsum(counts)]))


@kernel
def _assign(lengths: Integers, capacity: int) -> Integers:
    """The sequence of each piece; ``lengths`` must fall.

    Sequences with the same room are a linked list, the one touched last in front. A binary tree over the possible
    rooms says which of these lists are not empty, so that the smallest room that is enough is found without a search.
    """
    leaves = 1
    while leaves < capacity + 1:
        leaves *= 2
    used = np.zeros(2 * leaves, np.bool_)
    front = np.full(capacity + 1, -1, np.int64)
    after = np.empty(len(lengths), np.int64)
    assigned = np.empty(len(lengths), np.int64)
    sequences = 0
    for piece in range(len(lengths)):
        room = _smallest_used(used, leaves, lengths[piece])
        if room < 0:
            sequence, room = sequences, capacity
            sequences += 1
        else:
            sequence = front[room]
            front[room] = after[sequence]
            if front[room] < 0:
                _clear(used, leaves + room)
        assigned[piece] = sequence
        left = room - lengths[piece]
        if left > 0:
            after[sequence] = front[left]
            front[left] = sequence
            _mark(used, leaves + left)
    return assigned


@kernel
def _smallest_used(used: np.ndarray, leaves: int, least: int) -> int:
    """The smallest used leaf from ``least`` on, -1 if there is none."""
    node = leaves + least
    if node >= 2 * leaves:
        return -1
    while not used[node]:
        while node & 1:  # a right child: what comes next lies beside one of its parents
            node >>= 1
            if node <= 1:
                return -1
        node += 1
    while node < leaves:
        node = 2 * node if used[2 * node] else 2 * node + 1
    return node - leaves


@kernel
def _mark(used: np.ndarray, node: int) -> None:
    while node and not used[node]:
        used[node] = True
        node >>= 1


@kernel
def _clear(used: np.ndarray, node: int) -> None:
    used[node] = False
    node >>= 1
    while node and not (used[2 * node] or used[2 * node + 1]):
        used[node] = False
        node >>= 1
