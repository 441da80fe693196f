"""Facts of characters for kernels that read UTF-8."""

import unicodedata
from collections.abc import Callable, Iterable
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from filters.kernel import inlined

Bytes = npt.NDArray[np.uint8]
Integers = npt.NDArray[np.signedinteger]
Integer = int | np.signedinteger

OTHER, SPACE, OPENING, LETTER, WORD, MARK, JOINER = range(7)
"""Kinds: symbols and most punctuation; white space; opening brackets and quotation marks; letters and digits that make
words together; letters that are each a word; accents; what may stand in a word and is no part of it, as apostrophes,
underscores and what shows nothing."""

CODE_POINTS = 0x40000
"""Code points below this are looked up. Unicode has nothing but tags and private use above; they stay as they are."""

WHITE_SPACE_BELOW = 0x3100
"""Code points below this hold all white space of Unicode."""

WITHOUT_SPACES = (
    (0x0E01, 0x0EDF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17DC),  # Khmer
    (0x3005, 0x3007),  # ideographic marks
    (0x3041, 0x309F),  # Hiragana
    (0x3400, 0x9FFF),  # Chinese
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""Letters of scripts that put no space between words. Unicode's word boundaries, too, take each for a word (UAX 29)."""


@cache
def kinds() -> np.ndarray:
    """uint8[CODE_POINTS]: the kind of each character."""
    by_category = {"L": LETTER, "N": LETTER, "M": MARK, "Ps": OPENING, "Pi": OPENING, "Cf": JOINER}
    categories = list(map(unicodedata.category, map(chr, range(CODE_POINTS))))
    kind = {name: by_category.get(name, by_category.get(name[0], OTHER)) for name in set(categories)}
    found = np.array([kind[name] for name in categories], np.uint8)
    found[[point for point in range(WHITE_SPACE_BELOW) if chr(point).isspace()]] = SPACE
    found[[ord("'"), ord("’"), ord("_")]] = JOINER
    for first, last in WITHOUT_SPACES:
        part = found[first : last + 1]
        part[part == LETTER] = WORD
    return found


class Replacements(NamedTuple):
    """What stands for characters: ``data[start[c] : start[c] + length[c]]``, in UTF-8.

    uint8, int32[CODE_POINTS], uint8[CODE_POINTS]; ``start`` is negative for characters that stay.
    """

    data: Bytes
    start: Integers
    length: Bytes


def replacements(replace: Callable[[str], str], points: Iterable[int]) -> Replacements:
    """What ``replace`` makes of each of these characters; all others stay.

    It gets them all at once with a NUL between any two, which it must leave alone: one call a character would cost
    every process a second.
    """
    characters = [chr(point) for point in points if point and not 0xD800 <= point < 0xE000]
    data = bytearray()
    start, length = np.full(CODE_POINTS, -1, np.int32), np.zeros(CODE_POINTS, np.uint8)
    for character, other in zip(characters, replace("\0".join(characters)).split("\0"), strict=True):
        if other != character:
            encoded = other.encode()
            start[ord(character)], length[ord(character)] = len(data), len(encoded)
            data += encoded
    return Replacements(np.frombuffer(bytes(data), np.uint8), start, length)


@inlined
def read(data: Bytes, position: Integer) -> tuple[Integer, Integer]:
    """The character of valid UTF-8 that starts at ``position``: (code point, bytes)."""
    first = np.int64(data[position])
    if first < 0x80:
        return first, 1
    second = np.int64(data[position + 1]) & 0x3F
    if first < 0xE0:
        return (first & 0x1F) << 6 | second, 2
    third = np.int64(data[position + 2]) & 0x3F
    if first < 0xF0:
        return (first & 0x0F) << 12 | second << 6 | third, 3
    return (first & 0x07) << 18 | second << 12 | third << 6 | (np.int64(data[position + 3]) & 0x3F), 4


@inlined
def kind_at(data: Bytes, position: Integer, kind: Bytes) -> tuple[Integer, Integer]:
    """The kind of the character that starts at ``position``, and its bytes."""
    point, length = read(data, position)
    return (np.int64(kind[point]) if point < CODE_POINTS else OTHER), length


@inlined
def before(data: Bytes, position: Integer) -> Integer:
    """Where the character starts that ends at ``position``."""
    position -= 1
    while data[position] & 0xC0 == 0x80:
        position -= 1
    return position
