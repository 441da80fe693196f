"""A budget shared out by weights among sources that have only so much."""

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


def share_out(weights: Numbers, most: Numbers, budget: float) -> Numbers:
    """float64: how much each gets of ``budget``, in proportion to its weight (float64, >= 0), at most ``most``.

    What one cannot give is left to the others, in the same proportion; less than the budget if all have run out.
    """
    taken = np.zeros(len(weights))
    is_open = (weights > 0) & (most > 0)
    while is_open.any():
        left = budget - taken[~is_open].sum()
        share = np.where(is_open, weights / weights[is_open].sum() * left, 0)
        too_small = is_open & (share >= most)
        if not too_small.any():
            return np.where(is_open, share, taken)
        taken[too_small] = most[too_small]
        is_open &= ~too_small
    return taken


def by_temperature(sizes: Numbers, temperature: float) -> Numbers:
    """Weights in proportion to ``sizes ** (1 / temperature)``: 1 keeps the corpus as it is, more evens it out."""
    return np.where(sizes > 0, np.power(np.maximum(sizes, 1), 1 / temperature), 0)
