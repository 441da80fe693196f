"""What packing makes of documents: pieces of them, in sequences."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Integers = npt.NDArray[np.int64]
Hashes = npt.NDArray[np.uint64]


class Pieces(NamedTuple):
    """Runs of tokens of documents, all of one length."""

    document: Integers
    """int64[pieces]: the position of the document."""
    offset: Integers
    """int64[pieces]: where in the document the piece begins, in tokens."""
    length: Integers
    """int64[pieces]: its tokens, at least 1."""

    def take(self, places: Integers) -> "Pieces":
        """Some of them, in that order."""
        return Pieces(self.document[places], self.offset[places], self.length[places])


@dataclass(frozen=True)
class Packing:
    """Pieces in sequences: those of sequence s are ``pieces[first[s]:first[s + 1]]``, one after the other."""

    pieces: Pieces
    first: Integers
    """int64[sequences + 1], from 0."""

    @property
    def sequences(self) -> int:
        """How many there are."""
        return len(self.first) - 1

    def lengths(self) -> Integers:
        """int64[sequences]: tokens in each, without padding."""
        ends = np.concatenate([[0], np.cumsum(self.pieces.length)])
        return ends[self.first[1:]] - ends[self.first[:-1]]

    def part(self, start: int, end: int) -> "Packing":
        """The sequences from ``start`` to before ``end``."""
        first, last = self.first[start], self.first[end]
        return Packing(Pieces(*(column[first:last] for column in self.pieces)), self.first[start : end + 1] - first)

    def reordered(self, order: Integers) -> "Packing":
        """The sequences in another order."""
        counts = np.diff(self.first)[order]
        first = np.concatenate([[0], np.cumsum(counts)])
        places = np.arange(first[-1]) + np.repeat(self.first[:-1][order] - first[:-1], counts)
        return Packing(self.pieces.take(places), first)


def split(lengths: Integers, sequence_length: int) -> Pieces:
    """Documents (int64[documents], in tokens) as pieces: full sequences, then what is left; empty ones give none."""
    counts = -(-lengths // sequence_length)
    document = np.repeat(np.arange(len(lengths)), counts)
    offset = (np.arange(len(document)) - np.repeat(np.cumsum(counts) - counts, counts)) * sequence_length
    return Pieces(document, offset, np.minimum(sequence_length, lengths[document] - offset))
