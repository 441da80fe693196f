"""Counts capitals, digits, white space and words of lines, in one pass over their bytes."""

from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from filters.kernel import inlined, kernel

UPPER, DIGIT, SPACE, ALPHANUMERIC = 1, 2, 4, 8
CODE_POINTS = 0x110000


class LineFacts(NamedTuple):
    """What the rules ask of each line (int32[lines] each).

    ``leading`` and ``trailing`` are white space characters at either end; a blank line is all ``leading``. ``words``
    are what ``str.split`` splits, ``named_words`` what DCLM counts: runs between ASCII white space that begin with a
    letter or a digit.
    """

    characters: np.ndarray
    uppercase: np.ndarray
    digits: np.ndarray
    leading: np.ndarray
    trailing: np.ndarray
    words: np.ndarray
    named_words: np.ndarray


def line_facts(lines: pa.LargeStringArray) -> LineFacts:
    """Count what is in each line."""
    _, offsets, data = lines.buffers()
    bounds = np.frombuffer(offsets, dtype=np.int64, count=len(lines) + 1, offset=8 * lines.offset)
    facts = np.zeros((len(LineFacts._fields), len(lines)), dtype=np.int32)
    _count(np.frombuffer(data or b"", dtype=np.uint8), bounds, character_classes(), facts)
    return LineFacts(*facts)


@cache
def character_classes() -> np.ndarray:
    """uint8[0x110000]: the flags above for every code point, by Python's ``str.isupper`` and its like."""
    characters = np.arange(CODE_POINTS, dtype=np.uint32).view("<U1")
    flags = np.zeros(CODE_POINTS, dtype=np.uint8)
    tests = {
        UPPER: np.strings.isupper,
        DIGIT: np.strings.isdigit,
        SPACE: np.strings.isspace,
        ALPHANUMERIC: np.strings.isalnum,
    }
    for flag, test in tests.items():
        flags[test(characters)] |= flag
    return flags


@inlined
def decode(data: np.ndarray, at: int) -> tuple[int, int]:
    """The code point that begins at ``at`` in valid UTF-8, and its number of bytes."""
    first = int(data[at])
    if first < 0x80:
        return first, 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | data[at + 1] & 0x3F, 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (data[at + 1] & 0x3F) << 6 | data[at + 2] & 0x3F, 3
    high = (first & 0x07) << 18 | (data[at + 1] & 0x3F) << 12
    return high | (data[at + 2] & 0x3F) << 6 | data[at + 3] & 0x3F, 4


@kernel
def _count(data: np.ndarray, bounds: np.ndarray, classes: np.ndarray, facts: np.ndarray) -> None:
    for line in range(len(bounds) - 1):
        at, end = bounds[line], bounds[line + 1]
        characters, uppercase, digits, leading, trailing, words, named_words = 0, 0, 0, 0, 0, 0, 0
        in_word, in_run = False, False
        while at < end:
            point, width = decode(data, at)
            at += width
            flags = classes[point]
            characters += 1
            uppercase += flags & UPPER
            digits += (flags & DIGIT) >> 1
            if flags & SPACE:
                trailing += 1
                leading += words == 0
                in_word = False
            else:
                trailing = 0
                words += not in_word
                in_word = True
            if point == 0x20 or 0x09 <= point <= 0x0D or point == 0:
                in_run = False
            elif not in_run:
                named_words += (flags & ALPHANUMERIC) >> 3
                in_run = True
        facts[:, line] = (characters, uppercase, digits, leading, trailing, words, named_words)
