"""Tokens moved into their sequences."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from filters.packing.pieces import Integers, Packing

Ids = npt.NDArray[np.uint16 | np.uint32]
NO_TOKEN = -1
"""Where nothing stands before a document."""


class Frame(NamedTuple):
    """Ids that stand around documents and after sequences."""

    begin: int
    """Before every document; ``NO_TOKEN``: nothing does."""
    end: int
    """After every document."""
    padding: int
    """After the last piece of a sequence."""

    @property
    def tokens(self) -> int:
        """How many a document gets."""
        return 1 if self.begin == NO_TOKEN else 2


def fill(ids: Ids, starts: Integers, lengths: Integers, packing: Packing, shape: tuple[int, Frame]) -> Ids:
    """The tokens of sequences, one after the other (``[sequences * sequence_length]``, dtype of ``ids``).

    The tokens of document d are ``ids[starts[d]:starts[d] + lengths[d]]``; the packing is of their lengths with the
    tokens of the frame. ``shape`` is the sequence length and the frame.
    """
    sequence_length, frame = shape
    found = np.full(packing.sequences * sequence_length, frame.padding, ids.dtype)
    _fill(ids, starts, lengths, *packing.pieces, packing.first, sequence_length, (frame.begin, frame.end), found)
    return found


@njit(cache=True, nogil=True)
def _fill(
    ids: Ids,
    starts: Integers,
    lengths: Integers,
    document: Integers,
    offset: Integers,
    length: Integers,
    first: Integers,
    sequence_length: int,
    around: tuple[int, int],
    found: Ids,
) -> None:
    begin, end = around
    before = 0 if begin < 0 else 1
    for sequence in range(len(first) - 1):
        place = sequence * sequence_length
        for piece in range(first[sequence], first[sequence + 1]):
            text, of_document = starts[document[piece]], lengths[document[piece]]
            for token in range(offset[piece], offset[piece] + length[piece]):
                if token < before:
                    found[place] = begin
                elif token == before + of_document:
                    found[place] = end
                else:
                    found[place] = ids[text + token - before]
                place += 1
