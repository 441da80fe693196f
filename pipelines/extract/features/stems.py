"""The words of a page's blocks, of its title and of its description, as numbers: what features of its topic count.

A word is known by its first letters in lower case, so that its inflected forms are mostly one; of scripts without
spaces, two neighbouring letters are a word. No language is known.
"""

from typing import Final

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import inlined, kernel, leaf
from pipelines.extract.blocks.blocks import BEHIND, FIRST, BlockTable
from pipelines.extract.blocks.description import find_description
from pipelines.extract.blocks.parse import Integer, Source
from pipelines.extract.blocks.tags import OFFSET, PRIME, TAG
from pipelines.extract.blocks.text_measures import behind_entity, is_mark, is_word_letter, read_character
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, START, TEXT, Table
from pipelines.extract.features.grouping import group

Stems = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int32]
Span = tuple[int, int]
PageWords = tuple[Places, Places, int]
"""``numbers``, int32[words]: those of all blocks, then of the title, then of the description, equal for equal words;
``begins``, int32[blocks + 3]: where those of each block, the title and the description begin, and the end; and how many
different words there are."""

LONGEST: Final = 6
"""Letters that count."""
SHORTEST: Final = 3
"""Letters of a word; shorter ones say little of a topic."""
FOLDED: Final = 0x530
"""Code points below it are folded to lower case: Latin, Greek, Cyrillic."""
LOWER: Final = np.array([ord(chr(point).lower()[0]) for point in range(FOLDED)], np.uint16)
IS_LETTER: Final = np.array([chr(point).isalnum() for point in range(FOLDED)], np.bool_)
TITLE = TAG["title"]
AMPERSAND = ord("&")


@kernel
def page_words(source: Source, tokens: Table, blocks: BlockTable) -> PageWords:
    """The words of a page, numbered as they first occur."""
    description = find_description(source, tokens)
    stems = np.empty(_most_words(tokens, description), np.uint64)
    begins = np.zeros(len(blocks) + 3, np.int32)
    count = _read(source, tokens, blocks, description, stems, begins)
    numbers, groups = group(stems[:count])
    return numbers, begins, groups


@leaf
def _most_words(tokens: Table, description: Span) -> int:
    """How many words the page has at most: two bytes make one, and the title may be in a block too."""
    most = 1 + (description[1] - description[0]) // 2
    for token in range(len(tokens) - 1):
        if tokens[token, KIND] == TEXT:
            most += 1 + (tokens[token, END] - tokens[token, START]) // 2
            if tokens[token, NUMBER] == TITLE:
                most += 1 + (tokens[token, END] - tokens[token, START]) // 2
    return most


@leaf
def _read(  # noqa: PLR0917
    source: Source, tokens: Table, blocks: BlockTable, description: Span, stems: Stems, begins: Places
) -> int:
    """Write the words of blocks, title and description, and where those of each begin; returns how many they are."""
    count = 0
    for block in range(len(blocks)):
        for token in range(blocks[block, FIRST], blocks[block, BEHIND]):
            if tokens[token, KIND] == TEXT:
                count = _add(source, tokens[token, START], tokens[token, END], stems, count)
        begins[block + 1] = count
    for token in range(len(tokens) - 1):
        if tokens[token, KIND] == TEXT and tokens[token, NUMBER] == TITLE:
            count = _add(source, tokens[token, START], tokens[token, END], stems, count)
            break
    begins[len(blocks) + 1] = count
    count = _add(source, description[0], description[1], stems, count)
    begins[len(blocks) + 2] = count
    return count


@leaf
def _add(source: Source, start: int, end: int, stems: Stems, count: int) -> int:
    """Append the words of a text; returns how many there are then."""
    word, letters, before = uint64(OFFSET), 0, uint64(0)
    position = start
    while position < end:
        point, length = np.int64(source[position]), 1
        if point >= 0x80:
            point, length = read_character(source, position)
        position += length
        if is_word_letter(point):
            if before != uint64(0):
                stems[count] = _mixed((before * uint64(PRIME)) ^ uint64(point))
                count += 1
            before = uint64(point)
        elif _is_letter(point):
            if letters < LONGEST:
                word = (word ^ uint64(LOWER[point] if point < FOLDED else point)) * uint64(PRIME)
            letters += 1
            continue
        else:
            before = uint64(0)
            if point == AMPERSAND:
                position = behind_entity(source, position, end)
        if letters >= SHORTEST:
            stems[count] = _mixed(word)
            count += 1
        word, letters = uint64(OFFSET), 0
    if letters >= SHORTEST:
        stems[count] = _mixed(word)
        count += 1
    return count


@leaf
def letters_key(source: Source, tokens: Table, block: npt.NDArray[np.int32]) -> Integer:
    """A hash (uint64) of the letters and digits of a block, in lower case; ``block`` is its row."""
    key = uint64(OFFSET)
    for token in range(block[FIRST], block[BEHIND]):
        if tokens[token, KIND] != TEXT:
            continue
        position, end = tokens[token, START], tokens[token, END]
        while position < end:
            point, length = np.int64(source[position]), 1
            if point >= 0x80:
                point, length = read_character(source, position)
            position += length
            if point == AMPERSAND:
                position = behind_entity(source, position, end)
            elif is_word_letter(point) or _is_letter(point):
                key = (key ^ uint64(LOWER[point] if point < FOLDED else point)) * uint64(PRIME)
    return key ^ (key >> uint64(29))


@inlined
def _is_letter(point: Integer) -> bool:
    return bool(IS_LETTER[point]) if point < FOLDED else not is_mark(point)


@inlined
def _mixed(value: Integer) -> Integer:
    return value ^ (value >> uint64(29))
