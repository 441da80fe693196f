"""Kept blocks to plain text: a line for each, white space as a browser shows it, entities as characters."""

import html
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from numba import njit

from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import BEHIND, FIRST, Blocks, BlockTable
from pipelines.extract.blocks.markup import is_space
from pipelines.extract.blocks.parse import Source
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, OPEN, START, STATES, Table, Tokens

Keep = npt.NDArray[np.bool_]

BR = TAG["br"]
NEWLINE, BLANK = 0x0A, 0x20


def to_text(tokens: Tokens, blocks: Blocks, keep: Keep) -> str:
    """The blocks of which ``keep`` (bool[blocks]) is true, a line each; ``<br>`` begins one, ``<pre>`` stays as is."""
    written, _ = _write(tokens.source, tokens.table, blocks.table, blocks.of_token, keep)
    return _decode(written).strip()


def block_texts(tokens: Tokens, blocks: Blocks) -> list[str]:
    """The text of every block, as ``to_text`` writes it."""
    everything = np.ones(len(blocks), np.bool_)
    written, ends = _write(tokens.source, tokens.table, blocks.table, blocks.of_token, everything)
    places = [0, *ends.tolist()]
    return [_decode(written[start:end]).strip() for start, end in pairwise(places)]


def _decode(written: Source) -> str:
    text = written.tobytes().decode("utf-8", "replace")
    if "&" in text:
        text = html.unescape(text)
    return text.replace("\xa0", " ")


@njit(cache=True, nogil=True)
def _write(
    source: Source, tokens: Table, blocks: BlockTable, of_token: npt.NDArray[np.int32], keep: Keep
) -> tuple[Source, npt.NDArray[np.int64]]:
    """The bytes of all kept blocks, and where each block ends in them (int64[blocks])."""
    most = 0
    for block in range(len(blocks)):
        if keep[block]:
            most += tokens[blocks[block, BEHIND] - 1, END] - tokens[blocks[block, FIRST], START] + 1
    result = np.empty(most, np.uint8)
    ends = np.zeros(len(blocks), np.int64)
    size = 0
    for block in range(len(blocks)):
        if keep[block]:
            for token in range(blocks[block, FIRST], blocks[block, BEHIND]):
                if of_token[token] == block:
                    if (
                        tokens[token, STATES] & tags.SPACE != 0
                        and token > blocks[block, FIRST]
                        and result[size - 1] > BLANK
                    ):
                        result[size] = BLANK
                        size += 1
                    size = _copy(source, tokens[token], result, size)
                elif tokens[token, KIND] == OPEN and tokens[token, NUMBER] == BR:
                    result[size] = NEWLINE
                    size += 1
            result[size] = NEWLINE
            size += 1
        ends[block] = size
    return result[:size], ends


@njit(cache=True, nogil=True)
def _copy(source: Source, token: npt.NDArray[np.int32], result: npt.NDArray[np.uint8], size: int) -> int:
    """Copy a text's bytes, each run of white space as one space, but in ``<pre>``."""
    verbatim = token[STATES] & tags.PREFORMATTED != 0
    blank = False
    for place in range(token[START], token[END]):
        byte = source[place]
        if not verbatim and is_space(byte):
            blank = True
            continue
        if blank:
            result[size] = BLANK
            size += 1
            blank = False
        result[size] = byte
        size += 1
    return size
