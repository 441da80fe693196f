"""The bytes of kept blocks, without the elements in them."""

import numpy as np
import numpy.typing as npt

from filters.kernel import inlined, kernel, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import BEHIND, FIRST, BlockTable
from pipelines.extract.blocks.characters import unescape
from pipelines.extract.blocks.markup import is_letter, is_space
from pipelines.extract.blocks.parse import Source
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, OPEN, START, STATES, TEXT, Table

Keep = npt.NDArray[np.bool_]
BR = TAG["br"]
LONGEST_ENTITY = 40
"""Bytes that are looked back for its ``&``; the longest name has 32."""


@kernel
def write_blocks(  # noqa: PLR0917 (kernel)
    source: Source, tokens: Table, blocks: BlockTable, of_token: npt.NDArray[np.int32], keep: Keep, shown: int
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.int64]]:
    """Texts of kept blocks, each with a line feed behind it (uint8); int64[kept, 3]: start, end without the line feed,
    whether a state of ``shown`` is in.

    An entity does not go on behind a tag: where it would, a NUL keeps it apart, which no page has otherwise.
    """
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
                elif _is_in_entity(written, start, size):
                    written[size] = 0x00
                    size += 1
                size = _copy(source, (tokens[token, START], tokens[token, END]), states, written, size)
        places[count, 0], places[count, 1] = start, size
        written[size] = 0x0A
        size, count = size + 1, count + 1
    return written[:size], places


@inlined
def _is_in_entity(written: npt.NDArray[np.uint8], start: int, size: int) -> bool:
    """Whether what is written of a block ends within an entity."""
    for place in range(size - 1, max(start, size - LONGEST_ENTITY) - 1, -1):
        byte = written[place]
        if byte == 0x26:
            return True
        if not (is_letter(byte) or 0x30 <= byte <= 0x39 or byte == 0x23):
            return False
    return False


def characters(written: bytes) -> str:
    """Bytes of ``write_blocks`` as text, entities as characters."""
    text = unescape(written.decode("utf-8", "replace"))
    return (text.replace("\0", "") if b"\0" in written else text).replace("\xa0", " ")


@leaf
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
