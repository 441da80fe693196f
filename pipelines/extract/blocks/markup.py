"""HTML's tags as bytes: where they end, their names, what matters of their attributes.

Source: https://html.spec.whatwg.org/multipage/parsing.html, section 13.2.5. ``source`` has zeros behind ``length``.
"""

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import inlined, leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.attribute_words import Words, add_words
from pipelines.extract.blocks.parse import Integer, Source
from pipelines.extract.blocks.tags import OFFSET, PRIME, name_hash, tag_number

CLASS, ID, ROLE, ITEMPROP, STYLE, HIDDEN, ARIA_HIDDEN, HREF = (
    name_hash(name) for name in (b"class", b"id", b"role", b"itemprop", b"style", b"hidden", b"aria-hidden", b"href")
)
LESS, GREATER, SLASH, BANG, QUESTION, EQUALS, HYPHEN = (ord(mark) for mark in "<>/!?=-")
QUOTE, APOSTROPHE = ord('"'), ord("'")


@inlined
def is_space(byte: int) -> bool:
    """Tab, line feed, form feed, carriage return or space."""
    return byte == 0x20 or byte == 0x0A or byte == 0x09 or byte == 0x0D or byte == 0x0C  # noqa: PLR1714 (kernel)


@inlined
def is_letter(byte: int) -> bool:
    """An ASCII letter."""
    return 0x61 <= (byte | 0x20) <= 0x7A


@leaf
def end_of_text(source: Source, position: int, length: int) -> int:
    """Where the next markup begins; a ``<`` before anything but a letter, ``/``, ``!`` or ``?`` is text."""
    while position < length:
        if source[position] == LESS:
            after = source[position + 1]
            if is_letter(after) or after == SLASH or after == BANG or after == QUESTION:  # noqa: PLR1714, SIM109
                return position
        position += 1
    return length


@leaf
def skip_to(source: Source, position: int, length: int, mark: int) -> int:
    """The place behind the next ``mark``, or the end."""
    while position < length and source[position] != mark:
        position += 1
    return min(position + 1, length)


@leaf
def end_of_comment(source: Source, position: int, length: int) -> int:
    """The place behind a comment, declaration or processing instruction that begins at ``position``."""
    if source[position + 1] != BANG or source[position + 2] != HYPHEN or source[position + 3] != HYPHEN:
        return skip_to(source, position + 2, length, GREATER)
    position += 2  # The two hyphens may be those of the end too: <!-->
    while position < length:
        if source[position] == GREATER and source[position - 1] == HYPHEN and source[position - 2] == HYPHEN:
            return position + 1
        position += 1
    return length


@leaf
def read_name(source: Source, position: int, length: int) -> tuple[Integer, int]:
    """The hash (uint64) of a tag's name in lower case, and the place behind it."""
    value = uint64(OFFSET)
    while position < length:
        byte = source[position]
        if is_space(byte) or byte == SLASH or byte == GREATER:  # noqa: PLR1714, SIM109
            break
        if 0x41 <= byte <= 0x5A:
            byte |= 0x20
        value = (value ^ uint64(byte)) * uint64(PRIME)
        position += 1
    return value, position


@leaf
def read_end_tag(source: Source, position: int, length: int) -> tuple[Integer, int]:
    """The number of the end tag whose ``</`` is at ``position`` (-1 if it is none), and the place behind it."""
    if not is_letter(source[position + 2]):
        return np.int64(-1), skip_to(source, position + 2, length, GREATER)
    value, position = read_name(source, position + 2, length)
    return tag_number(value), skip_to(source, position, length, GREATER)


@leaf
def end_of_raw(source: Source, name: int, position: int, length: int) -> int:
    """Where the end tag begins of a raw element whose name is at ``name``; the end of the page if there is none."""
    name_length = 0
    while is_letter(source[name + name_length]):
        name_length += 1
    while position < length:
        if source[position] == LESS and source[position + 1] == SLASH:
            same = 0
            while same < name_length and source[position + 2 + same] | 0x20 == source[name + same] | 0x20:
                same += 1
            if same == name_length and not is_letter(source[position + 2 + same]):
                return position
        position += 1
    return length


@leaf
def read_start_tag(  # noqa: PLR0917
    source: Source, position: int, length: int, words: Words, count: int, found: npt.NDArray[np.int64]
) -> tuple[int, int]:
    """Read the start tag at ``position``; returns the place behind it and the new number of ``words``.

    ``found`` becomes: the tag's number, whether it closes itself, the states of its attributes, whether it has href.
    """
    value, position = read_name(source, position + 1, length)
    found[0], found[1], found[2], found[3] = tag_number(value), 0, 0, 0
    first = count
    while position < length:
        byte = source[position]
        if byte == GREATER:
            return position + 1, count
        if is_space(byte) or byte == SLASH:
            found[1] = byte == SLASH and source[position + 1] == GREATER
            position += 1
            continue
        attribute, position = read_attribute_name(source, position, length)
        begin, end, position = read_value(source, position, length)
        if attribute == uint64(CLASS) or attribute == uint64(ID):
            count = add_words(source, begin, end, words, (first, count), uint64(OFFSET))
        elif attribute == uint64(ROLE) or attribute == uint64(ITEMPROP):
            count = add_words(source, begin, end, words, (first, count), attribute)
        elif attribute == uint64(HREF):
            found[3] = end > begin
        elif (
            attribute == uint64(HIDDEN)
            or (attribute == uint64(ARIA_HIDDEN) and source[begin] == ord("t"))
            or (attribute == uint64(STYLE) and _hides(source, begin, end))
        ):
            found[2] |= tags.HIDDEN
    return length, count


@leaf
def read_attribute_name(source: Source, position: int, length: int) -> tuple[Integer, int]:
    """The hash of the name at ``position`` in lower case (``tags.name_hash``), and the place behind it."""
    value = uint64(OFFSET)
    start = position
    while position < length:
        byte = source[position]
        if is_space(byte) or byte == SLASH or byte == GREATER or (byte == EQUALS and position > start):  # noqa: PLR1714, SIM109
            break
        if 0x41 <= byte <= 0x5A:
            byte |= 0x20
        value = (value ^ uint64(byte)) * uint64(PRIME)
        position += 1
    return value, position


@leaf
def read_value(source: Source, position: int, length: int) -> tuple[int, int, int]:
    """Begin and end of the value that follows an attribute's name (empty if none does), and the place behind it."""
    after = position
    while after < length and is_space(source[after]):
        after += 1
    if after >= length or source[after] != EQUALS:
        return after, after, after
    after += 1
    while after < length and is_space(source[after]):
        after += 1
    mark = source[after]
    begin = after
    if mark == QUOTE or mark == APOSTROPHE:  # noqa: PLR1714, SIM109
        begin += 1
        after = skip_to(source, begin, length, mark)
        return begin, max(begin, after - 1), after
    while after < length and not is_space(source[after]) and source[after] != GREATER:
        after += 1
    return begin, after, after


@leaf
def _hides(source: Source, begin: int, end: int) -> bool:
    """Whether a style has ``display:none`` or ``visibility:hidden``, with or without a space."""
    for colon in range(begin, end):
        if source[colon] != ord(":"):
            continue
        value = colon + 1
        while value < end and is_space(source[value]):
            value += 1
        if source[colon - 1] | 0x20 != ord("y"):
            continue
        if end - value >= 4 and source[value] == ord("n") and source[value + 1] == ord("o"):
            return bool(source[value + 2] == ord("n") and source[value + 3] == ord("e"))
        if end - value >= 6 and source[value] == ord("h") and source[value + 1] == ord("i"):
            return True
    return False
