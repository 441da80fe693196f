"""Concatenate and split: documents in one row, cut wherever a sequence is full. The usual way, kept for comparison."""

import numpy as np

from filters.packing.pieces import Integers, Packing, Pieces


def concatenate_and_split(lengths: Integers, sequence_length: int) -> Packing:
    """Documents of ``lengths`` (int64, in tokens) in their order; the last sequence holds what is left."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    sequences = -(-total // sequence_length)
    # A piece begins where a document does, or a sequence.
    starts = np.unique(np.concatenate([(ends - lengths)[lengths > 0], np.arange(sequences) * sequence_length]))
    document = np.searchsorted(ends, starts, side="right")
    offset = starts - (ends - lengths)[document]
    pieces = Pieces(document, offset, np.diff(np.append(starts, total)))
    return Packing(pieces, np.append(np.searchsorted(starts, np.arange(sequences) * sequence_length), len(starts)))
