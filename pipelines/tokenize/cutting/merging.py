"""Kernel that encodes segments by the merges of a byte-pair encoding."""

from typing import Final

import numpy as np
from numba import uint64

from filters.kernel import inlined, kernel
from filters.lexing.characters import Bytes, Integers
from pipelines.tokenize.cutting.boundaries import SPACE
from pipelines.tokenize.cutting.characters import Index, Integer, read
from pipelines.tokenize.cutting.kinds import CASED, DIGIT, LOWER, UPPER
from pipelines.tokenize.cutting.merges import FREE, SPREAD, Merges, Symbols
from pipelines.tokenize.cutting.words import Words

MOST_BYTES: Final = 512
"""Longer segments are left to the library: work grows with the square of their length here."""
LEFT: Final = -1
"""The count of tokens of a segment that is left to the library."""
_NEVER = np.int32(2**31 - 1)
"""The rank of what is not merged."""


@kernel
def encode_segments(data: Bytes, offsets: Integers, merges: Merges, ids: Symbols, counts: Integers) -> int:
    """Write the ids of segments one after the other, and how many each has, or `LEFT`; returns how many in all.

    ``ids`` has room for an id a byte.
    """
    symbols = np.empty(MOST_BYTES, np.int32)
    ranks, results = np.empty(MOST_BYTES, np.int32), np.empty(MOST_BYTES, np.int32)
    written = 0
    for segment in range(len(offsets) - 1):
        start, end = Index(offsets[segment]), Index(offsets[segment + 1])
        if end - start > MOST_BYTES or not _is_word(data, start, end, merges.words):
            counts[segment] = LEFT
            continue
        count = _begin(data, start, end, merges, symbols)
        for i in range(count - 1):
            ranks[i], results[i] = _look_up(symbols[i], symbols[i + 1], merges)
        count = _merge(symbols, ranks, results, count, merges)
        ids[written : written + count] = symbols[:count]
        counts[segment] = count
        written += count
    return written


def is_word(text: str, words: Words) -> bool:
    """Whether a text is one word."""
    data = np.frombuffer(text.encode(), np.uint8)
    return len(data) > 0 and bool(_is_word(data, Index(0), Index(len(data)), words))


@kernel
def _begin(data: Bytes, start: Integer, end: Integer, merges: Merges, symbols: Symbols) -> int:
    """Write what a segment is cut into first; returns how many that are."""
    count, position = 0, start
    while position < end:
        point, length = read(data, position)
        known = merges.characters[point]
        if known >= 0:
            symbols[count] = known
            count += 1
        else:
            for i in range(position, position + length):
                symbols[count] = merges.bytes[data[Index(i)]]
                count += 1
        position += length
    return count


@kernel
def _merge(symbols: Symbols, ranks: Symbols, results: Symbols, count: int, merges: Merges) -> int:
    """Merge the neighbours of the lowest rank, of those the leftmost, until none is left; returns how many remain.

    ``ranks[i]`` and ``results[i]`` are of the symbols i and i + 1.
    """
    while count > 1:
        best, lowest = 0, _NEVER
        for i in range(count - 1):
            if ranks[i] < lowest:
                best, lowest = i, ranks[i]
        if lowest == _NEVER:
            break
        symbols[best] = results[best]
        count -= 1
        for i in range(best + 1, count):
            symbols[i] = symbols[i + 1]
        for i in range(best + 1, count - 1):
            ranks[i], results[i] = ranks[i + 1], results[i + 1]
        if best > 0:
            ranks[best - 1], results[best - 1] = _look_up(symbols[best - 1], symbols[best], merges)
        if best < count - 1:
            ranks[best], results[best] = _look_up(symbols[best], symbols[best + 1], merges)
    return count


@kernel
def _look_up(left: Integer, right: Integer, merges: Merges) -> tuple[Integer, Integer]:
    """The rank of two neighbours, and the id that they become; `_NEVER` where they are not merged."""
    key = uint64(left) << uint64(32) | uint64(right)
    mask = uint64(len(merges.pairs) - 1)
    place = (key * uint64(SPREAD)) >> uint64(32) & mask
    while merges.pairs[place] != uint64(FREE):
        if merges.pairs[place] == key:
            return merges.ranks[place], merges.results[place]
        place = (place + uint64(1)) & mask
    return _NEVER, np.int32(0)


@kernel
def _is_word(data: Bytes, start: Integer, end: Integer, words: Words) -> bool:
    """Whether a segment is one word: see `Words`."""
    if len(words.kinds) == 0:
        return True
    spaced = data[start] == SPACE
    position = start + Index(1) if spaced else start
    first = last = 0
    characters = 0
    while position < end:
        point, length = read(data, position)
        kind = words.kinds[point]
        if characters == 0:
            first = kind
        elif not _goes_on(last, kind, words.cased):
            return False
        last = kind
        characters += 1
        position += length
    if first == DIGIT:
        return characters <= words.digits and (not spaced or words.spaced_digits)
    return first != 0 and (first != CASED or not words.cased)


@inlined
def _goes_on(before: Integer, kind: Integer, cased: bool) -> bool:
    """Whether a word goes on with a character of that kind."""
    if kind == 0 or before >= DIGIT or kind >= DIGIT:
        return before == kind
    if cased:
        return kind == before or (before == UPPER and kind == LOWER)
    return True
