"""How much text is where: running sums over the blocks, so that those of any element cost two look-ups."""

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel, leaf
from pipelines.extract.blocks.blocks import COUNTED, FIRST, BlockTable
from pipelines.extract.blocks.text_measures import LINK_WORDS, STOPS, WORDS
from pipelines.extract.blocks.tokens import KIND, MATCH, OPEN, PARENT, Table

Masses = npt.NDArray[np.int32]
Places = npt.NDArray[np.int32]

LONG = 12
"""Words of a block that is long text, if at most a third of them are links."""
TEXT_WORDS, TEXT_LINKS, LONG_WORDS, SENTENCES, LONG_BLOCKS = range(5)
"""Columns of the running sums."""


@kernel
def running_masses(blocks: BlockTable) -> Masses:
    """int32[blocks + 1, 5]: words, linked words, words of long text, sentence ends, long blocks before each block."""
    result = np.zeros((len(blocks) + 1, 5), np.int32)
    _add_up(blocks, result)
    return result


@leaf
def _add_up(blocks: BlockTable, result: Masses) -> None:
    for block in range(len(blocks)):
        words, links = blocks[block, COUNTED + WORDS], blocks[block, COUNTED + LINK_WORDS]
        is_long = words >= LONG and 3 * links <= words
        for column in range(result.shape[1]):
            result[block + 1, column] = result[block, column]
        result[block + 1, TEXT_WORDS] += words
        result[block + 1, TEXT_LINKS] += links
        result[block + 1, SENTENCES] += blocks[block, COUNTED + STOPS]
        if is_long:
            result[block + 1, LONG_WORDS] += words
            result[block + 1, LONG_BLOCKS] += 1


@kernel
def block_ranges(tokens: Table, blocks: BlockTable) -> tuple[Places, Places, Places]:
    """int32[tokens] each, right for OPEN tokens: the first block within, the block behind, the depth (root's: 1)."""
    count = len(tokens) - 1
    first, behind, depth = np.zeros(count, np.int32), np.zeros(count, np.int32), np.zeros(count, np.int32)
    block = 0
    for token in range(count):
        while block < len(blocks) and blocks[block, FIRST] < token:
            block += 1
        if tokens[token, KIND] == OPEN:
            first[token] = block
            parent = tokens[token, PARENT]
            depth[token] = depth[parent] + 1 if parent >= 0 else 1
        elif tokens[token, MATCH] >= 0:
            behind[tokens[token, MATCH]] = block
    return first, behind, depth
