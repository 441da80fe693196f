"""Readers' comments: which blocks of a page they are, told from what a page is about by its markup and the model.

Sections of comments are elements that their authors call so, in class, id or ``itemprop``, or by schema.org's type
``Comment``. Where a good part of what the model keeps stands in them, as in forums, the discussion is what the page is
about, and it has no comments.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import kernel, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.attribute_words import Words, word_hash
from pipelines.extract.blocks.blocks import CONTAINER, COUNTED, INSIDE, Blocks, BlockTable
from pipelines.extract.blocks.markup import read_attribute_name, read_value
from pipelines.extract.blocks.parse import Integer, Source
from pipelines.extract.blocks.tags import FACTS, PRIME, TAG, name_hash
from pipelines.extract.blocks.text_measures import LINK_WORDS
from pipelines.extract.blocks.text_measures import WORDS as WORD_COUNT
from pipelines.extract.blocks.tokens import END, KIND, MATCH, NUMBER, OPEN, PARENT, START, WORDS, Table, Tokens
from pipelines.extract.features.grouping import group
from pipelines.extract.features.masses import Places, block_ranges

Marks = npt.NDArray[np.bool_]

NAMES: Final = (
    "comment", "comments", "commentlist", "commentarea", "disqus", "replies",
    "kommentar", "kommentare", "kommentarer", "commentaire", "commentaires", "comentario", "comentarios", "commenti",
    "commento", "komentarz", "komentarze", "reacties", "yorum", "yorumlar",
)  # fmt: skip
"""What authors of HTML call comments and sections of them."""
ITEM: Final = "comment"
"""In ``itemprop``."""
TYPES: Final = (b"comment", b"usercomments")
"""The ends of schema.org's types."""
SHARE: Final = 0.2
"""Of the page's kept words: with more of them, an element is more than a section of comments, and a discussion more
than readers' comments."""
BODY_WORDS: Final = 8
"""Of the longest block in one place of comments, if that is where people write, and not names, days, buttons."""
BESIDE: Final = tags.FORM | tags.BUTTON | tags.NAVIGATION | tags.HIDDEN | tags.NOSCRIPT | tags.HEADING
NEAREST: Final = 8
"""Elements around a block that may be its comment."""
HTML, BODY, MAIN, LI, ARTICLE = (TAG[name] for name in ("html", "body", "main", "li", "article"))


def _item_hash(name: str) -> int:
    """That of a word in ``itemprop`` (``markup.read_start_tag``)."""
    value = name_hash(b"itemprop")
    for byte in name.encode():
        value = ((value ^ byte) * PRIME) & 0xFFFFFFFFFFFFFFFF
    return (value ^ (value >> 32)) & 0xFFFFFFFF


KEYS: Final = np.array(sorted([*map(word_hash, NAMES), _item_hash(ITEM)]), np.uint32)
ITEMTYPE: Final = name_hash(b"itemtype")
TYPE_KEYS: Final = np.array(sorted(map(name_hash, TYPES)), np.uint64)


def find_comments(tokens: Tokens, blocks: Blocks, keep: Marks) -> Marks:
    """bool[blocks]: what readers wrote below the content, without the names, days, buttons and forms around it.

    ``keep``, bool[blocks], is what the model takes for content; none of it is a comment.
    """
    source, names = tokens.source, (tokens.table, tokens.words)
    sections = _sections(source, names, blocks.table, block_ranges(tokens.table, blocks.table), keep)
    return _written(source, names, blocks.table, sections) & ~keep


@kernel
def _sections(
    source: Source, tokens: tuple[Table, Words], blocks: BlockTable, ranges: tuple[Places, Places, Places], keep: Marks
) -> Marks:
    table, words = tokens
    first, behind, _ = ranges
    sums = np.zeros((len(blocks) + 1, 2), np.int64)
    for block in range(len(blocks)):
        count = blocks[block, COUNTED + WORD_COUNT]
        sums[block + 1, 0] = sums[block, 0] + count
        sums[block + 1, 1] = sums[block, 1] + count * keep[block]
    found = np.zeros(len(blocks), np.bool_)
    most = SHARE * sums[len(blocks), 1]
    token, discussed = 0, 0
    while token < len(table) - 1:
        if table[token, KIND] == OPEN and _is_named(source, table, words, token):
            begin, end = first[token], behind[token]
            inside, kept = sums[end, 0] - sums[begin, 0], sums[end, 1] - sums[begin, 1]
            if kept <= most:
                discussed += kept
                found[begin:end] = 2 * kept < inside
                token = table[token, MATCH]
        token += 1
    return found if discussed <= most else np.zeros(len(blocks), np.bool_)


@leaf
def _is_named(source: Source, table: Table, words: Words, token: int) -> bool:
    """Whether an element that makes paragraphs is called a comment, or comments."""
    tag = table[token, NUMBER]
    if FACTS[tag] & tags.BLOCK == 0 or tag in (HTML, BODY, MAIN):
        return False
    for word in range(table[token, WORDS], table[token + 1, WORDS]):
        place = np.searchsorted(KEYS, words[word])
        if place < len(KEYS) and KEYS[place] == words[word]:
            return True
    return _has_type(source, table[token, START], table[token, END])


@leaf
def _has_type(source: Source, start: int, end: int) -> bool:
    """Whether ``itemtype`` in a start tag ends with one of TYPES."""
    position = start + 1
    while position < end - 1:
        byte = source[position]
        if byte <= 0x20 or byte == 0x2F:
            position += 1
            continue
        name, position = read_attribute_name(source, position, end)
        begin, stop, position = read_value(source, position, end)
        if name == uint64(ITEMTYPE):
            value = uint64(tags.OFFSET)
            for place in range(begin, stop):
                letter = np.int64(source[place])
                value = (value ^ uint64(letter | 0x20 if 0x41 <= letter <= 0x5A else letter)) * uint64(PRIME)
                if letter == 0x2F:
                    value = uint64(tags.OFFSET)
            slot = np.searchsorted(TYPE_KEYS, value)
            return bool(slot < len(TYPE_KEYS) and TYPE_KEYS[slot] == value)
        if position >= end - 1:
            break
    return False


@kernel
def _written(source: Source, tokens: tuple[Table, Words], blocks: BlockTable, sections: Marks) -> Marks:
    """What people wrote: blocks in places of which the longest block has BODY_WORDS and which several comments have,
    but not in forms and the like; or one, if it is an item of a list or an article of its own. A notice is neither."""
    table, words = tokens
    result = np.zeros(len(blocks), np.bool_)
    chosen = np.flatnonzero(sections)
    keys = np.empty(len(chosen), np.uint64)
    for place in range(len(chosen)):
        block = blocks[chosen[place]]
        if block[INSIDE] & BESIDE == 0 and 2 * block[COUNTED + LINK_WORDS] <= block[COUNTED + WORD_COUNT]:
            result[chosen[place]] = True
        element = block[CONTAINER]
        parent = table[element, PARENT] if element >= 0 else -1
        keys[place] = _look(table, words, element) ^ (_look(table, words, parent) * uint64(PRIME))
    numbers, groups = group(keys)
    longest, comment = np.zeros(groups, np.int32), np.full(groups, -1, np.int32)
    repeated = np.zeros(groups, np.bool_)
    for place in range(len(chosen)):
        if result[chosen[place]]:
            block, number = blocks[chosen[place]], numbers[place]
            longest[number] = max(longest[number], block[COUNTED + WORD_COUNT])
            around = block[CONTAINER]
            if not _is_named(source, table, words, around):
                around = table[around, PARENT]
            if (comment[number] >= 0 and comment[number] != around) or _is_in_item(source, table, words, around):
                repeated[number] = True
            comment[number] = around
    for place in range(len(chosen)):
        if longest[numbers[place]] < BODY_WORDS or not repeated[numbers[place]]:
            result[chosen[place]] = False
    return result


@leaf
def _is_in_item(source: Source, table: Table, words: Words, element: int) -> bool:
    """Whether one of the innermost elements is a list item or an article that is called a comment."""
    for _ in range(NEAREST):
        if element < 0:
            break
        if table[element, NUMBER] in (LI, ARTICLE) and _is_named(source, table, words, element):
            return True
        element = table[element, PARENT]
    return False


@leaf
def _look(table: Table, words: Words, element: int) -> Integer:
    """An element's tag and names as one number (uint64)."""
    if element < 0:
        return uint64(0)
    value = uint64(table[element, NUMBER])
    for word in range(table[element, WORDS], table[element + 1, WORDS]):
        value += uint64(words[word]) * uint64(PRIME)
    return value
