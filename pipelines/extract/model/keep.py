"""From probabilities to the blocks of a page that are kept."""

import numpy as np
import numpy.typing as npt
from numba import njit

from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import COUNTED, INSIDE, Blocks, BlockTable
from pipelines.extract.blocks.parse import Source
from pipelines.extract.blocks.text_measures import WORDS
from pipelines.extract.blocks.tokens import Table, Tokens
from pipelines.extract.features.grouping import group
from pipelines.extract.features.groups import text_key
from pipelines.extract.model.cut import best_cut

Keep = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.float32]

SAID_AGAIN = 8
"""Words of a paragraph that is left out where the page has it a second time, for printing or for small screens."""
CODE = tags.PREFORMATTED | tags.CODE
"""It may well repeat itself."""


def keep_blocks(tokens: Tokens, blocks: Blocks, probability: Probabilities) -> tuple[Keep, float, float]:
    """bool[blocks]: those to keep, each text once; the probability from which on; and the F1 that can be expected."""
    cut, expected = best_cut(probability, blocks.table[:, COUNTED + WORDS])
    keep = probability >= np.float32(cut)
    return _once(tokens.source, tokens.table, blocks.table, keep), cut, expected


@njit(cache=True, nogil=True)
def _once(source: Source, tokens: Table, blocks: BlockTable, keep: Keep) -> Keep:
    """bool[blocks]: the kept blocks without those of SAID_AGAIN words whose text one before has."""
    chosen = np.flatnonzero(keep)
    keys = np.empty(len(chosen), np.uint64)
    for place in range(len(chosen)):
        keys[place] = text_key(source, tokens, blocks[chosen[place]])
    numbers, groups = group(keys)
    seen = np.zeros(groups, np.bool_)
    result = keep.copy()
    for place in range(len(chosen)):
        block = blocks[chosen[place]]
        if block[COUNTED + WORDS] >= SAID_AGAIN and block[INSIDE] & CODE == 0:
            if seen[numbers[place]]:
                result[chosen[place]] = False
            seen[numbers[place]] = True
    return result
