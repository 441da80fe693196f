"""How much a packing cuts and pads."""

import numpy as np

from filters.packing.pieces import Integers, Packing
from schemas.mix_report import CutCounts


def count_cuts(lengths: Integers, packing: Packing, sequence_length: int) -> CutCounts:
    """The cuts of a packing of documents of ``lengths`` (int64, in tokens)."""
    pieces = np.bincount(packing.pieces.document, minlength=len(lengths))
    tokens = int(packing.pieces.length.sum())
    return CutCounts(
        documents=len(lengths),
        longer=int((lengths > sequence_length).sum()),
        cut=int((pieces > 1).sum()),
        cut_though_fitting=int(((pieces > 1) & (lengths <= sequence_length)).sum()),
        sequences=packing.sequences,
        tokens=tokens,
        padding=packing.sequences * sequence_length - tokens,
    )
