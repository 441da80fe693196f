"""Kinds of characters that expressions tell apart: those whose categories all versions of Unicode agree on."""

import unicodedata
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

CODE_POINTS: Final = 0x110000
ASCII: Final = 0x80

LOWER, UPPER, CASED, UNCASED, DIGIT, MARK = range(1, 7)
"""Small letters and capitals of ASCII, letters of other alphabets, letters of scripts without capitals, digits of
ASCII, and what is no letter, number or space. 0: anything else."""

_ALPHABETS = ((0xC0, 0x180), (0x391, 0x3CA), (0x410, 0x450))
_SYLLABLES = ((0x3041, 0x3097), (0x30A1, 0x30FB), (0x4E00, 0x9FA6), (0xAC00, 0xD7A4))
_CJK_MARKS = "、。〈〉《》「」『』【】〔〕！（），．：；？"


@lru_cache(maxsize=1)
def kinds() -> npt.NDArray[np.uint8]:
    """uint8[CODE_POINTS]: the kind of each character."""
    found = np.zeros(CODE_POINTS, np.uint8)
    for start, end in _ALPHABETS:
        found[[point for point in range(start, end) if unicodedata.category(chr(point))[0] == "L"]] = CASED
    for start, end in _SYLLABLES:
        found[start:end] = UNCASED
    found[ord("a") : ord("z") + 1] = LOWER
    found[ord("A") : ord("Z") + 1] = UPPER
    found[ord("0") : ord("9") + 1] = DIGIT
    found[[point for point in range(0x21, 0x7F) if not chr(point).isalnum()]] = MARK
    found[[ord(mark) for mark in _CJK_MARKS]] = MARK
    return found
