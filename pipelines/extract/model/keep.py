"""From probabilities to the blocks of a page that are kept."""

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import kernel
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import COUNTED, INSIDE, Blocks, BlockTable
from pipelines.extract.blocks.parse import Source
from pipelines.extract.blocks.tags import OFFSET, PRIME
from pipelines.extract.blocks.text_measures import WORDS
from pipelines.extract.blocks.tokens import Table, Tokens
from pipelines.extract.features.grouping import group
from pipelines.extract.features.stems import PageWords, letters_key
from pipelines.extract.model.below_article import comments_below
from pipelines.extract.model.cut import best_cut

Keep = npt.NDArray[np.bool_]
Probabilities = npt.NDArray[np.float32]

SAID_AGAIN = 8
"""Words of a paragraph that is left out where the page has it a second time, for printing or for small screens."""
RETOLD = 200
"""Words (of its PageWords) of a block that is left out where blocks before say most of it: some pages have their text
once more in one piece."""
MOST_OF_IT = 0.8
"""Share of its runs of words."""
RUN = 4
"""Words of a run."""
CODE = tags.PREFORMATTED | tags.CODE
"""It may well repeat itself."""


def keep_blocks(
    tokens: Tokens, blocks: Blocks, words: PageWords, probability: Probabilities
) -> tuple[Keep, float, float]:
    """bool[blocks]: those to keep, each text once, without readers' comments; the probability from which on; and the F1
    that can be expected."""
    cut, expected = best_cut(probability, blocks.table[:, COUNTED + WORDS])
    likely = probability >= np.float32(cut)
    likely &= ~comments_below(tokens, blocks, likely)
    once = _once(tokens.source, tokens.table, blocks.table, likely)
    return _not_retold(words, once), cut, expected


@kernel
def _once(source: Source, tokens: Table, blocks: BlockTable, keep: Keep) -> Keep:
    """bool[blocks]: the kept blocks without those of SAID_AGAIN words whose letters one before has."""
    chosen = np.flatnonzero(keep)
    keys = np.empty(len(chosen), np.uint64)
    for place in range(len(chosen)):
        keys[place] = letters_key(source, tokens, blocks[chosen[place]])
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


@kernel
def _not_retold(words: PageWords, keep: Keep) -> Keep:
    """bool[blocks]: the kept blocks without those of RETOLD words, most of whose runs of words blocks before have."""
    numbers, begins, _ = words
    result = keep.copy()
    longest, count = 0, 0
    for block in np.flatnonzero(keep):
        longest = max(longest, begins[block + 1] - begins[block])
        count += max(begins[block + 1] - begins[block] - RUN + 1, 0)
    if longest < RETOLD:
        return result
    keys = np.empty(count, np.uint64)
    place = 0
    for block in np.flatnonzero(keep):
        for first in range(begins[block], begins[block + 1] - RUN + 1):
            key = uint64(OFFSET)
            for word in range(first, first + RUN):
                key = (key ^ uint64(numbers[word])) * uint64(PRIME)
            keys[place] = key
            place += 1
    runs, groups = group(keys)
    seen = np.zeros(groups, np.bool_)
    place = 0
    for block in np.flatnonzero(keep):
        own = runs[place : place + max(begins[block + 1] - begins[block] - RUN + 1, 0)]
        place += len(own)
        if begins[block + 1] - begins[block] >= RETOLD and seen[own].sum() >= MOST_OF_IT * len(own):
            result[block] = False
        else:
            seen[own] = True
    return result
