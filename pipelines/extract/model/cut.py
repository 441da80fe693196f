"""Which blocks to keep: those that make the expected F1 of their words as large as can be, or surely belong to it."""

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel

Probabilities = npt.NDArray[np.float32]

SHARE = 0.7
"""Of the best expected F1, as the least probability of a block that is kept. Theory says a half, for probabilities that
are true on pages of any kind; on other kinds of pages than most of the training's they are too high. Of those within
0.0005 of the best mean over the sources trained on, each counting the same, in cross-validation, this is the highest.
"""


@kernel
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
    return min(SHARE * best, most), best
