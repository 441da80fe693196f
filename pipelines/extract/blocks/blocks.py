"""Blocks of text: what stands between two places where a browser begins a new paragraph, cell or item."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.tags import FACTS, TAG
from pipelines.extract.blocks.text_measures import COUNTS, measure_text
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, OPEN, PARENT, START, STATES, TEXT, Table, Tokens

BlockTable = npt.NDArray[np.int32]

FIRST, BEHIND, CONTAINER, INSIDE = range(4)
"""Columns of the table, as described at ``Blocks``; those of ``text_measures`` follow, from COUNTED on."""
COUNTED = 4
COLUMNS = COUNTED + COUNTS

MOST_BLOCKS = 200_000
"""Of a page; text behind them is left out. Real pages have 200, the longest 20,000; features take 1 kB each."""
BR = TAG["br"]


@dataclass(frozen=True, slots=True)
class Blocks:
    """The blocks of a page in their order; those of nothing but white space and no-break spaces are left out.

    ``table`` is int32[blocks, COLUMNS], a row a block:

    - FIRST, BEHIND: from its first TEXT to behind its last one, in ``Tokens.table``. Between them lie inline tags, and
      texts that are IGNORED;
    - CONTAINER: the OPEN token of the innermost element around it that makes paragraphs (-1 at the root);
    - INSIDE: the states (``tags``) of its first TEXT;
    - COUNTED and on: the measures of its texts, summed (``text_measures``).

    ``of_token`` is int32[tokens]: the block of each TEXT, -1 for other tokens and IGNORED texts.
    """

    table: BlockTable
    of_token: npt.NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.table)


def find_blocks(tokens: Tokens) -> Blocks:
    """The blocks of a page: a block ends where an element of paragraphs begins or ends, and at two ``<br>``."""
    return Blocks(*_find_blocks(tokens.source, tokens.table))


@kernel
def _find_blocks(source: npt.NDArray[np.uint8], tokens: Table) -> tuple[BlockTable, npt.NDArray[np.int32]]:
    count = len(tokens) - 1
    of_token = np.full(count, -1, np.int32)
    texts = 0
    for token in range(count):
        texts += tokens[token, KIND] == TEXT
    table = np.zeros((min(texts, MOST_BLOCKS), COLUMNS), np.int32)
    container = np.empty(count + 1, np.int32)
    size = _fill(source, tokens, table, of_token, container)
    return table[:size].copy(), of_token


@leaf
def _fill(
    source: npt.NDArray[np.uint8],
    tokens: Table,
    table: BlockTable,
    of_token: npt.NDArray[np.int32],
    container: npt.NDArray[np.int32],
) -> int:
    """Fill the rows of ``table`` (zeros) and ``of_token``; returns how many blocks there are."""
    count = len(tokens) - 1
    container[count] = -1  # that of what has no parent
    size, breaks = 0, 0
    is_open = False
    for token in range(count):
        kind, number = tokens[token, KIND], tokens[token, NUMBER]
        if kind == TEXT:
            if tokens[token, STATES] & tags.IGNORED != 0:
                continue
            start, end = tokens[token, START], tokens[token, END]
            if not is_open:
                if _is_blank(source, start, end):
                    continue
                if size == MOST_BLOCKS:
                    break
                table[size, FIRST] = token
                table[size, CONTAINER] = container[tokens[token, PARENT]]
                table[size, INSIDE] = tokens[token, STATES]
                size, is_open = size + 1, True
            table[size - 1, BEHIND] = token + 1
            of_token[token] = size - 1
            measure_text(source, start, end, tokens[token, STATES], table[size - 1, COUNTED:])
            breaks = 0
            continue
        is_block = FACTS[number] & tags.BLOCK != 0
        if kind == OPEN:
            container[token] = token if is_block else container[tokens[token, PARENT]]
            breaks += number == BR
        if is_block or breaks > 1:
            is_open, breaks = False, 0
    return size


@leaf
def _is_blank(source: npt.NDArray[np.uint8], start: int, end: int) -> bool:
    """Nothing but white space (in ``<pre>``) or no-break spaces."""
    position = start
    while position < end:
        byte = source[position]
        if byte == 0xC2 and source[position + 1] == 0xA0:
            position += 2
        elif byte == 0x26 and _is_nbsp(source, position, end):
            position += 6
        elif byte <= 0x20:
            position += 1
        else:
            return False
    return True


@leaf
def _is_nbsp(source: npt.NDArray[np.uint8], position: int, end: int) -> bool:
    if position + 6 > end:
        return False
    return bool(
        source[position + 1] == ord("n")
        and source[position + 2] == ord("b")
        and source[position + 3] == ord("s")
        and source[position + 4] == ord("p")
        and source[position + 5] == ord(";")
    )
