"""Kernel: pieces of text in lower case."""

from functools import cache

import numpy as np

from filters.kernel import kernel
from filters.lexing.characters import CODE_POINTS, Bytes, Integers, Replacements, read, replacements

GROWTH = 2
"""Bytes that the lower case of a character has for each of its own, at most: 3 for 2."""


def lower_case(data: Bytes, start: Integers, end: Integers) -> tuple[Bytes, Integers]:
    """The pieces ``data[start[i] : end[i]]`` (UTF-8; int64[pieces] each) in lower case, as (bytes, offsets int64).

    As ``str.lower``, but for the Greek sigma at the end of words, which becomes the sigma that any other capital does.
    """
    return _lower(data, start, end, _table())


@cache
def _table() -> Replacements:
    return replacements(lambda characters: characters.lower().replace("ς", "σ"), range(CODE_POINTS))


@kernel
def _lower(data: Bytes, start: Integers, end: Integers, table: Replacements) -> tuple[Bytes, Integers]:
    lower, starts, lengths = table
    offsets = np.zeros(len(start) + 1, np.int64)
    result = np.empty(GROWTH * (end - start).sum(), np.uint8)
    out = 0
    for piece in range(len(start)):
        position = int(start[piece])
        while position < end[piece]:
            if data[position] < 0x80:
                result[out] = data[position] + 32 * (0x41 <= data[position] <= 0x5A)
                position, out = position + 1, out + 1
                continue
            point, length = read(data, position)
            # Written out here: to hand arrays to a function at every character takes ten times longer.
            if point < CODE_POINTS and starts[point] >= 0:
                for i in range(lengths[point]):
                    result[out + i] = lower[starts[point] + i]
                out += np.int64(lengths[point])
            else:
                for i in range(length):
                    result[out + i] = data[position + i]
                out += length
            position += length
        offsets[piece + 1] = out
    return result[:out], offsets
