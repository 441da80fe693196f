"""Counts over the bytes of a text: of characters, words and marks, in any language, without decoding it."""

import numpy as np
import numpy.typing as npt

from filters.kernel import inlined, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.parse import Integer, Source

COUNTS = 9
CHARACTERS, WORDS, LINK_CHARACTERS, LINK_WORDS, CAPITALS, DIGITS, STOPS, COMMAS, STRONG_CHARACTERS = range(COUNTS)
"""Characters but white space (an entity is one); words (of scripts without spaces: letters); both of them in links;
capital ASCII letters; ASCII digits; marks that end sentences; commas; characters in bold or italics."""

LONGEST_ENTITY = 10


@leaf
def measure_text(source: Source, start: int, end: int, states: int, counts: npt.NDArray[np.int32]) -> None:  # noqa: PLR0915
    """Add to ``counts`` (int32[COUNTS]) those of one text; texts end words."""
    characters, words, capitals, digits, stops, commas = 0, 0, 0, 0, 0, 0
    in_word = False
    position = start
    while position < end:
        byte = np.int64(source[position])
        if byte < 0x80:
            position += 1
            if 0x61 <= byte <= 0x7A:
                characters += 1
                words += not in_word
                in_word = True
                continue
            if byte <= 0x20:
                in_word = False
                continue
            characters += 1
            is_capital, is_digit = 0x41 <= byte <= 0x5A, 0x30 <= byte <= 0x39
            if is_capital or is_digit or byte == 0x5F:
                words += not in_word
                in_word = True
                capitals += is_capital
                digits += is_digit
                continue
            if byte == 0x26:
                position = behind_entity(source, position, end)
            stops += byte == 0x2E or byte == 0x21 or byte == 0x3F  # noqa: PLR1714
            commas += byte == 0x2C or byte == 0x3B  # noqa: PLR1714
            in_word = False
            continue
        point, length = read_character(source, position)
        position += length
        characters += 1
        if is_word_letter(point):
            words += 1
            in_word = False
        elif is_mark(point):
            stops += point == 0x3002 or point == 0xFF01 or point == 0xFF1F or point == 0x2026 or point == 0x061F  # noqa: PLR1714
            stops += point == 0xFF0E
            commas += point == 0x3001 or point == 0xFF0C or point == 0x060C or point == 0xFF1B  # noqa: PLR1714
            in_word = False
        else:
            stops += point == 0x0964 or point == 0x06D4  # noqa: PLR1714
            words += not in_word
            in_word = True
    counts[CHARACTERS] += characters
    counts[WORDS] += words
    counts[CAPITALS] += capitals
    counts[DIGITS] += digits
    counts[STOPS] += stops
    counts[COMMAS] += commas
    if states & tags.LINK != 0:
        counts[LINK_CHARACTERS] += characters
        counts[LINK_WORDS] += words
    if states & tags.EMPHASIS != 0:
        counts[STRONG_CHARACTERS] += characters


@inlined
def behind_entity(source: Source, position: int, end: int) -> int:
    """The place behind the ``;`` of an entity whose ``&`` is before ``position``, which stays where there is none."""
    for ahead in range(position, min(position + LONGEST_ENTITY, end)):
        byte = source[ahead]
        if byte == 0x3B:
            return ahead + 1
        if byte <= 0x20 or byte == 0x26:
            break
    return position


@inlined
def read_character(source: Source, position: int) -> tuple[Integer, int]:
    """The code point at ``position``, and its bytes; the padding behind the page makes this safe at its end."""
    first, second = np.int64(source[position]), np.int64(source[position + 1]) & 0x3F
    if first < 0xE0:
        return (first & 0x1F) << 6 | second, 2
    third = np.int64(source[position + 2]) & 0x3F
    if first < 0xF0:
        return (first & 0x0F) << 12 | second << 6 | third, 3
    return (first & 0x07) << 18 | second << 12 | third << 6 | (np.int64(source[position + 3]) & 0x3F), 4


@inlined
def is_word_letter(point: Integer) -> bool:
    """A letter of a script without spaces: Thai, Lao, Khmer, Myanmar, kana, Han."""
    if point < 0x0E01:
        return False
    if point < 0x3041:
        return bool(point <= 0x0EDF or 0x1000 <= point <= 0x109F or 0x1780 <= point <= 0x17DC)
    return bool(point <= 0x30FF or 0x3400 <= point <= 0x9FFF or 0xF900 <= point <= 0xFAFF or point >= 0x20000)


@inlined
def is_mark(point: Integer) -> bool:
    """Punctuation, symbols and spaces beyond ASCII, and emoji."""
    if point < 0x2000:
        return bool(point <= 0xBF and point not in (0xAA, 0xB5, 0xBA)) or point in (0x061F, 0x060C)
    return bool(
        point <= 0x2BFF or 0x3000 <= point <= 0x3040 or 0xFE10 <= point <= 0xFF0F or 0xFF1A <= point <= 0xFF20
        or 0x1F000 <= point <= 0x1FAFF
    )  # fmt: skip
