"""The bytes of kept blocks, without the elements in them."""

import numpy as np
import numpy.typing as npt
from numba import njit

from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import BEHIND, FIRST, BlockTable
from pipelines.extract.blocks.markup import is_space
from pipelines.extract.blocks.parse import Source
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, OPEN, START, STATES, TEXT, Table

Keep = npt.NDArray[np.bool_]
BR = TAG["br"]


@njit(cache=True, nogil=True)
def write_blocks(  # noqa: PLR0917 (kernel)
    source: Source, tokens: Table, blocks: BlockTable, of_token: npt.NDArray[np.int32], keep: Keep, shown: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Texts of kept blocks in a row (uint8); int64[kept, 3]: start, end, whether a state of ``shown`` is in."""
    places = np.zeros((np.count_nonzero(keep), 3), np.int64)
    most, count = 0, 0
    for block in range(len(blocks)):
        if keep[block]:
            most += tokens[blocks[block, BEHIND] - 1, END] - tokens[blocks[block, FIRST], START] + 1
    written = np.empty(most, np.uint8)
    size = 0
    for block in range(len(blocks)):
        if not keep[block]:
            continue
        start = size
        for token in range(blocks[block, FIRST], blocks[block, BEHIND]):
            if tokens[token, KIND] == OPEN and tokens[token, NUMBER] == BR:
                written[size] = 0x0A
                size += 1
            elif tokens[token, KIND] == TEXT and of_token[token] == block:
                states = tokens[token, STATES]
                places[count, 2] |= states & shown
                if states & tags.SPACE != 0 and size > start and written[size - 1] > 0x20:
                    written[size] = 0x20
                    size += 1
                size = _copy(source, (tokens[token, START], tokens[token, END]), states, written, size)
        places[count, 0], places[count, 1] = start, size
        count += 1
    return written[:size], places


@njit(cache=True, nogil=True)
def _copy(source: Source, span: tuple[int, int], states: int, written: npt.NDArray[np.uint8], size: int) -> int:
    """Copy a text, each run of white space as one space, but in ``<pre>``; returns the new size."""
    blank = False
    for place in range(*span):
        byte = source[place]
        if states & tags.PREFORMATTED == 0 and is_space(byte):
            blank = True
            continue
        if blank:
            written[size] = 0x20
            size += 1
        blank = False
        written[size] = byte
        size += 1
    return size
