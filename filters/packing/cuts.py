"""How much a packing cuts and pads."""

from dataclasses import dataclass

import numpy as np

from filters.packing.pieces import Integers, Packing


@dataclass(frozen=True)
class Cuts:
    """What became of some documents; sums of several packings are sums of these."""

    documents: int = 0
    longer: int = 0
    """Documents longer than a sequence: no packing can leave them whole."""
    cut: int = 0
    """Documents in more than one sequence."""
    cut_though_fitting: int = 0
    """Of these, those that are no longer than a sequence."""
    sequences: int = 0
    tokens: int = 0
    """Without padding."""
    padding: int = 0

    def __add__(self, other: "Cuts") -> "Cuts":
        mine, theirs = vars(self), vars(other)
        return Cuts(**{name: mine[name] + theirs[name] for name in mine})


def count_cuts(lengths: Integers, packing: Packing, sequence_length: int) -> Cuts:
    """The cuts of a packing of documents of ``lengths`` (int64, in tokens)."""
    pieces = np.bincount(packing.pieces.document, minlength=len(lengths))
    tokens = int(packing.pieces.length.sum())
    return Cuts(
        documents=len(lengths),
        longer=int((lengths > sequence_length).sum()),
        cut=int((pieces > 1).sum()),
        cut_though_fitting=int(((pieces > 1) & (lengths <= sequence_length)).sum()),
        sequences=packing.sequences,
        tokens=tokens,
        padding=packing.sequences * sequence_length - tokens,
    )
