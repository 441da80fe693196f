"""Which blocks to keep: those that make the expected F1 of their words as large as can be, or surely belong to it."""

import numpy as np
import numpy.typing as npt
from numba import njit

Probabilities = npt.NDArray[np.float32]


SHARE = 0.65
"""Of the best expected F1, as the least probability of a block that is kept. Theory says a half, for probabilities that
are true on pages of any kind; on other kinds of pages than most of the training's they are too high."""
SHARE_OF_PROSE = 0.8
"""The same on pages of prose, where what surrounds an article (comments, teasers, notices) looks much like it.

These four are, of a grid, within 0.0001 of the best mean over the sources that are trained on, each of them counting
the same, in cross-validation; of settings that close, those of the highest share."""
LONG = 12
"""Words of a block of prose."""
PROSE = 0.9
"""Share of the kept words that stand in long blocks, from which on a page is one of prose."""


@njit(cache=True, nogil=True)
def best_cut(probability: Probabilities, words: npt.NDArray[np.int32]) -> tuple[float, float]:
    """The probability from which on blocks are kept, and the best F1 of their words that can be expected.

    With each block's chance to be content, F1 is about twice the expected words kept rightly, over the words kept and
    those expected in all; it is best where blocks of half of it are kept (Lipton et al. 2014,
    https://arxiv.org/abs/1402.1892). The likeliest block is kept in any case; where no block has words, none (2.0).
    """
    order = np.argsort(-probability, kind="mergesort")
    expected = 0.0
    for block in range(len(words)):
        expected += probability[block] * words[block]
    best, most = 0.0, 0.0
    right, kept = 0.0, 0.0
    for block in order:
        right += probability[block] * words[block]
        kept += words[block]
        best = max(best, float(2 * right / max(kept + expected, 1.0)))
        if words[block] > 0:
            most = max(most, float(probability[block]))
    if best == 0.0:
        return 2.0, 0.0
    cut = min(SHARE * best, most)
    if _is_prose(probability, words, cut):
        cut = min(SHARE_OF_PROSE * best, most)
    return cut, best


@njit(cache=True, nogil=True)
def _is_prose(probability: Probabilities, words: npt.NDArray[np.int32], cut: float) -> bool:
    """Whether what is kept by a cut mostly stands in long blocks."""
    kept, long = 0, 0
    for block in range(len(words)):
        if probability[block] >= np.float32(cut):
            kept += words[block]
            if words[block] >= LONG:
                long += words[block]
    return long > PROSE * kept
