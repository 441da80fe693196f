"""HTML to a table of tags and texts, with the nesting that browsers give them: no tree of objects, one pass.

It follows the standard's tokenizer, and its tree construction as far as text depends on it: void and raw elements, end
tags left out, end tags without a start. Misnested inline tags are not reopened, and nothing moves out of tables.
Elements deeper than DEPTH are left out, as Chromium does, and their texts belong to the one at that depth. Time and
memory are linear in the page, and what follows MOST_TOKENS is left out.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.attribute_words import MOST_WORDS, Words
from pipelines.extract.blocks.markup import (
    BANG,
    GREATER,
    QUESTION,
    SLASH,
    end_of_comment,
    end_of_raw,
    end_of_text,
    is_space,
    read_end_tag,
    read_start_tag,
    skip_to,
)
from pipelines.extract.blocks.nesting import Stack, closed_by_end, closed_by_start
from pipelines.extract.blocks.parse import PADDING, Source
from pipelines.extract.blocks.tags import FACTS, STATE, TAG

Table = npt.NDArray[np.int32]

KIND, NUMBER, START, END, PARENT, MATCH, STATES, WORDS = range(8)
"""Columns of the table, as described at ``Tokens``."""
OPEN, CLOSE, TEXT = range(3)
"""Kinds of tokens."""
DEPTH = 512
MOST_TOKENS = 2_000_000
"""Of a page. Real pages have 3,000, the longest 300,000; a token takes 32 bytes, and twice that later on."""
RESERVE = 2 * DEPTH + 16
"""More tokens than one tag can make."""
Place = tuple[int, int, int, int, int, bool]
"""How far a page is read: tokens, words, open elements, elements left out, bytes, white space before the next text."""
A, BODY, BR, HEAD, HTML, P, H1, H6 = (TAG[name] for name in ("a", "body", "br", "head", "html", "p", "h1", "h6"))


@dataclass(frozen=True, slots=True)
class Tokens:
    """A page's tags and texts in their order; every OPEN has its CLOSE, if need be one of no bytes.

    ``source`` is the page (uint8, UTF-8). ``table`` is int32[tokens, 8], a row a token:

    - KIND: OPEN (also void elements, whose CLOSE follows), CLOSE or TEXT;
    - NUMBER: the tag (``tags.NAMES``), of a TEXT that of its parent (0 at the root);
    - START, END: its bytes in ``source``. Of TEXT without the white space around it (but in ``<pre>``, where all is
      kept), entities as they are. What lies between OPEN's END and CLOSE's START is an element's content, also a
      script's, which has no TEXT;
    - PARENT: the OPEN token of the element around it, -1 at the root;
    - MATCH: of OPEN its CLOSE, of CLOSE its OPEN, of TEXT -1;
    - STATES: what it is in, itself included (bits LINK ... of ``tags``);
    - WORDS: how many of ``words`` come before; the words of token i are ``words[WORDS[i]:WORDS[i + 1]]`` (there is one
      more row than tokens, whose WORDS are all).

    ``words``, uint32, are hashes of the words in elements' class, id, role and itemprop attributes.
    """

    source: Source
    table: Table
    words: Words

    def __len__(self) -> int:
        return len(self.table) - 1


def tokenize(source: Source) -> Tokens:
    """Tokens of a page as ``to_source`` gives it. Raises nothing: any bytes are some page."""
    table, words = _tokenize(source, len(source) - PADDING)
    return Tokens(source, table, words)


@kernel
def _tokenize(source: Source, length: int) -> tuple[Table, Words]:
    table = np.empty((min(length // 24, MOST_TOKENS) + 2 * RESERVE, 8), np.int32)
    words = np.empty(length // 48 + 4 * MOST_WORDS, np.uint32)
    stack = np.zeros((DEPTH + 1, 3), np.int32)
    stack[0, 0] = -1
    still_open = np.zeros(len(FACTS), np.int32)
    found = np.zeros(4, np.int64)
    at = (0, 0, 0, 0, 0, False)
    while at[4] < length and at[0] < MOST_TOKENS:
        if at[0] + RESERVE > len(table):
            table = _grown(table, at[0])
        if at[1] + 2 * MOST_WORDS > len(words):
            words = np.concatenate((words, words))
        at = _read(source, length, table, words, stack, still_open, found, at)
    size, _ = _close(table, at[0], stack, (at[2], 1), still_open, (length, length, at[1]))
    table[size] = 0
    table[size, WORDS] = at[1]
    return table[: size + 1].copy(), words[: at[1]].copy()


@leaf
def _read(  # noqa: PLR0912, PLR0917
    source: Source,
    length: int,
    table: Table,
    words: Words,
    stack: Stack,
    still_open: npt.NDArray[np.int32],
    found: npt.NDArray[np.int64],
    at: Place,
) -> Place:
    """Read on from ``at`` until the page ends or there is no more room; ``found`` is for what a start tag says."""
    size, count, depth, left_out, position, space = at
    while position < length and size < min(MOST_TOKENS, len(table) - RESERVE + 1):
        if count + 2 * MOST_WORDS > len(words):
            break
        end, start, before = end_of_text(source, position, length), position, count
        if end > position:
            parent = (int(stack[depth, 0]), int(stack[depth, 1]), int(stack[depth, 2]))
            size, space = _text(source, table, size, (position, end, count), parent, space)
            position = end
            continue
        mark = source[position + 1]
        if mark == BANG or mark == QUESTION:  # noqa: PLR1714, SIM109
            position = end_of_comment(source, position, length)
            continue
        if mark == SLASH:
            tag, position = read_end_tag(source, position, length)
            if tag == BR or (tag == P and still_open[P] == 0):
                size = _element(table, size, (int(tag), start, position), stack[depth], 0, (count, count))
            elif tag >= 0 and left_out > 0 and FACTS[tag] & tags.VOID == 0:
                left_out -= 1
            elif tag >= 0 and tag != BODY and tag != HTML and (still_open[tag] > 0 or H1 <= tag <= H6):  # noqa: PLR1714
                to = closed_by_end(stack, depth, tag)
                size, depth = _close(table, size, stack, (depth, to), still_open, (start, position, count))
            continue
        position, count = read_start_tag(source, position, length, words, count, found)
        tag = int(found[0])
        if _is_second(tag, depth, still_open):
            count = before
            continue
        to = closed_by_start(stack, depth, tag, still_open)
        size, depth = _close(table, size, stack, (depth, to), still_open, (start, start, before))
        states = int(found[2]) | STATE[tag]
        if tag == A and found[3] == 0:
            states &= ~tags.LINK
        if FACTS[tag] & tags.RAW != 0:
            content, position = position, end_of_raw(source, start + 1, position, length)
            end, position = position, skip_to(source, position, length, GREATER)
            size = _raw(
                source, table, size, (tag, start, content, end, position), stack[depth], (states, before, count)
            )
        elif FACTS[tag] & tags.VOID != 0 or (found[1] != 0 and (tag == 0 or stack[depth, 1] == 0)):
            size = _element(table, size, (tag, start, position), stack[depth], states, (before, count))
        elif depth == DEPTH:
            left_out, count = left_out + 1, before
        else:
            states |= stack[depth, 2]
            size = _row(table, size, (OPEN, tag), (start, position), (stack[depth, 0], -1), (states, before))
            depth += 1
            stack[depth, 0], stack[depth, 1], stack[depth, 2] = size - 1, tag, states
            still_open[tag] += 1
    return size, count, depth, left_out, position, space


@leaf
def _is_second(tag: int, depth: int, still_open: npt.NDArray[np.int32]) -> bool:
    """Whether a start tag of the page's frame comes where there is one already; it is left out."""
    if tag == HTML:
        return depth > 0
    return bool(still_open[tag] > 0 and tag == BODY) or bool(tag == HEAD and (still_open[HEAD] + still_open[BODY]) > 0)


@kernel
def _grown(table: Table, size: int) -> Table:
    grown = np.empty((2 * len(table), table.shape[1]), np.int32)
    grown[:size] = table[:size]
    return grown


@leaf
def _row(  # noqa: PLR0917
    table: Table, size: int, what: tuple[int, int], span: tuple[int, int], kin: tuple[int, int], more: tuple[int, int]
) -> int:
    table[size, KIND], table[size, NUMBER] = what
    table[size, START], table[size, END] = span
    table[size, PARENT], table[size, MATCH] = kin
    table[size, STATES], table[size, WORDS] = more
    return size + 1


@leaf
def _element(  # noqa: PLR0917
    table: Table, size: int, tag: tuple[int, int, int], parent: Stack, states: int, words: tuple[int, int]
) -> int:
    """OPEN and CLOSE of an element without content."""
    number, start, end = tag
    states |= parent[2]
    _row(table, size, (OPEN, number), (start, end), (parent[0], size + 1), (states, words[0]))
    return _row(table, size + 1, (CLOSE, number), (end, end), (parent[0], size), (states, words[1]))


@leaf
def _raw(  # noqa: PLR0917
    source: Source,
    table: Table,
    size: int,
    tag: tuple[int, int, int, int, int],
    parent: Stack,
    more: tuple[int, int, int],
) -> int:
    """OPEN, TEXT unless there is none, and CLOSE of an element whose content is no markup."""
    number, start, content, end, behind = tag
    states, before, count = more
    opened = size
    states |= parent[2]
    size = _row(table, size, (OPEN, number), (start, content), (parent[0], -1), (states, before))
    if FACTS[number] & tags.UNSEEN == 0 and end > content:
        size, _ = _text(source, table, size, (content, end, count), (opened, number, states), False)
    table[opened, MATCH] = size
    return _row(table, size, (CLOSE, number), (end, behind), (parent[0], opened), (states, count))


@leaf
def _text(  # noqa: PLR0917
    source: Source, table: Table, size: int, what: tuple[int, int, int], parent: tuple[int, int, int], space: bool
) -> tuple[int, bool]:
    """A TEXT, unless it is nothing but white space; whether white space is left for the next one."""
    start, end, count = what
    token, tag, states = parent
    if states & tags.PREFORMATTED == 0:
        while start < end and is_space(source[start]):
            start += 1
            space = True
        if start == end:
            return size, space
        if space:
            states |= tags.SPACE
        space = is_space(source[end - 1])
        while is_space(source[end - 1]):
            end -= 1
    return _row(table, size, (TEXT, tag), (start, end), (token, -1), (states, count)), space


@leaf
def _close(  # noqa: PLR0917
    table: Table,
    size: int,
    stack: Stack,
    places: tuple[int, int],
    still_open: npt.NDArray[np.int32],
    tag: tuple[int, int, int],
) -> tuple[int, int]:
    """CLOSE for every open element from the innermost to the second of ``places`` (0: none), which gets the bytes."""
    depth, to = places
    start, end, count = tag
    if to == 0:
        return size, depth
    while depth >= to:
        opened, number = stack[depth, 0], stack[depth, 1]
        behind = end if depth == to else start
        kin = (table[opened, PARENT], opened)
        table[opened, MATCH] = size
        size = _row(table, size, (CLOSE, number), (start, behind), kin, (stack[depth, 2], count))
        still_open[number] -= 1
        depth -= 1
    return size, depth
