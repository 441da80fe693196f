"""The words that texts are compared by across documents, as hashes, and where they stand.

Near duplicates, repeated passages and benchmarks in a corpus look for the same words in other dress. No vocabulary is
kept: a stream of pages brings some six new words a kilobyte for ever, and to look one up costs more than to read it.
"""

import unicodedata
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from numba import uint64

from filters.gopher.kernels import SPREAD
from filters.kernel import inlined, kernel
from filters.lexing.characters import (
    CODE_POINTS,
    JOINER,
    LETTER,
    MARK,
    OTHER,
    WORD,
    Bytes,
    Integer,
    Integers,
    Replacements,
    kinds,
    read,
    replacements,
)
from filters.lexing.utf8 import utf8

Hashes = npt.NDArray[np.uint64]

IDEOGRAPHS = ((0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0x20000, 0x2F7FF), (0x30000, 0x3FFFF))
"""Unified ideographs: they have neither case nor parts, so each is compared by itself. Passing over them halves the
time that the table takes."""
POINT, COMMA, COLON, SEMICOLON = ord("."), ord(","), ord(":"), ord(";")


@dataclass(frozen=True)
class HashedWords:
    """The words of some documents, one after the other.

    ``hash`` (uint64[words]) is equal for equal words; ``start`` and ``end`` (int64[words]) are bytes of the document.
    The words of document d are ``offsets[d]:offsets[d + 1]`` (int64[documents + 1]).
    """

    hash: Hashes
    start: Integers
    end: Integers
    offsets: Integers


def words_of(text: pa.LargeStringArray) -> HashedWords:
    """The words of every text, without case, punctuation or typography.

    A word is a run of letters, digits and their marks; apostrophes, underscores and invisible characters in it do not
    count, nor do points and colons between letters, or points, commas and semicolons between digits ("U.S." is "us",
    "1,000" is "1000"): the word boundaries of UAX 29 (https://unicode.org/reports/tr29/). Of scripts without spaces,
    each letter is a word (`filters.lexing.characters.WITHOUT_SPACES`). Letters are compared by their compatibility
    decomposition (NFKD), casefolded.
    """
    data, offsets = utf8(text)
    return HashedWords(*_words(data, offsets, kinds(), _folding()))


@cache
def _folding() -> Replacements:
    points = np.flatnonzero(np.isin(kinds(), [LETTER, WORD, MARK]))
    for first, last in IDEOGRAPHS:
        points = points[(points < first) | (points > last)]
    return replacements(fold, points.tolist())


def fold(letters: str) -> str:
    """What letters, digits and marks are compared by: their parts, in no case; nothing for marks that show nothing."""
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letters).casefold())
    return "".join(c for c in parts if c == "\0" or (unicodedata.category(c)[0] in "LNM" and not _is_selector(c)))


def _is_selector(character: str) -> bool:
    """Whether it is one of the variation selectors, which choose how a character looks."""
    return "\ufe00" <= character <= "\ufe0f"


@kernel
def _words(
    data: Bytes, offsets: Integers, kind: Bytes, folding: Replacements
) -> tuple[Hashes, Integers, Integers, Integers]:
    folded, fold_start, fold_length = folding
    most = (offsets[-1] - offsets[0]) // 2 + len(offsets)  # a word of one ASCII letter needs a space as well
    hashes, starts, ends = np.empty(most, np.uint64), np.empty(most, np.int64), np.empty(most, np.int64)
    word_offsets = np.zeros(len(offsets), np.int64)
    found = 0
    for document in range(len(offsets) - 1):
        begin = position = int(offsets[document])
        value, is_open, is_single = uint64(0), False, False
        while position < offsets[document + 1]:
            point, length = read(data, position)
            what = np.int64(kind[point]) if point < CODE_POINTS else OTHER
            is_letter = what in (LETTER, WORD)
            if is_open and what == OTHER and _joins(data, position, int(offsets[document + 1])):
                what = np.int64(JOINER)
            if is_open and ((is_letter and (is_single or what == WORD)) or not (is_letter or what in (MARK, JOINER))):
                hashes[found] = value
                found += 1
                is_open = False
            if is_letter and not is_open:
                starts[found], value = position - begin, uint64(SPREAD)
                is_open, is_single = True, what == WORD
            if is_open and what != JOINER:
                ends[found] = position + length - begin
                if fold_start[point] >= 0:
                    for i in range(fold_start[point], fold_start[point] + np.int64(fold_length[point])):
                        value = (value ^ uint64(folded[i])) * uint64(SPREAD)
                        value ^= value >> uint64(29)
                else:
                    for i in range(position, position + length):
                        value = (value ^ uint64(data[i])) * uint64(SPREAD)
                        value ^= value >> uint64(29)
            position += length
        if is_open:
            hashes[found] = value
            found += 1
        word_offsets[document + 1] = found
    return hashes[:found].copy(), starts[:found].copy(), ends[:found].copy(), word_offsets


@inlined
def _joins(data: Bytes, position: Integer, end: Integer) -> bool:
    """Does the character at ``position``, inside a word, keep the letters or the digits on its two sides together.

    Looked at in ASCII only, where such words are written.
    """
    if position + 1 >= end:
        return False
    before, mark, after = np.int64(data[position - 1]), data[position], np.int64(data[position + 1])
    if _is_digit(before):
        return _is_digit(after) and mark in (POINT, COMMA, SEMICOLON)
    return _is_letter(before) and _is_letter(after) and mark in (POINT, COLON)


@inlined
def _is_digit(byte: Integer) -> bool:
    return bool(0x30 <= byte <= 0x39)


@inlined
def _is_letter(byte: Integer) -> bool:
    return bool(0x61 <= byte | 0x20 <= 0x7A)
