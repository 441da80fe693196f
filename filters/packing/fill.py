"""Tokens moved into their sequences."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel
from filters.packing.pieces import Integers, Packing, Pieces

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


class Texts(NamedTuple):
    """Documents in one array: the tokens of document d are ``ids[starts[d]:starts[d] + lengths[d]]``."""

    ids: Ids
    starts: Integers
    """int64[documents]"""
    lengths: Integers
    """int64[documents]"""


def fill(texts: Texts, packing: Packing, sequence_length: int, frame: Frame) -> Ids:
    """The tokens of sequences, one after the other (``[sequences * sequence_length]``, dtype of the documents).

    The packing is of the documents' lengths with the tokens of the frame.
    """
    found = np.full(packing.sequences * sequence_length, frame.padding, texts.ids.dtype)
    _fill(texts, packing.pieces, packing.first, frame, found)
    return found


@kernel
def _fill(texts: Texts, pieces: Pieces, first: Integers, frame: Frame, found: Ids) -> None:
    before = 0 if frame.begin < 0 else 1
    sequences = len(first) - 1
    for sequence in range(sequences):
        place = sequence * (len(found) // sequences)
        for piece in range(first[sequence], first[sequence + 1]):
            document = pieces.document[piece]
            start, end = texts.starts[document] - before, before + texts.lengths[document]
            for token in range(pieces.offset[piece], pieces.offset[piece] + pieces.length[piece]):
                if token < before:
                    found[place] = frame.begin
                elif token == end:
                    found[place] = frame.end
                else:
                    found[place] = texts.ids[start + token]
                place += 1
