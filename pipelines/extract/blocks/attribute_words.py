"""The words in class, id, role and itemprop attributes, as hashes: what authors call the parts of a page."""

import numpy as np
import numpy.typing as npt
from numba import uint32, uint64

from filters.kernel import inlined, leaf
from pipelines.extract.blocks.parse import Integer, Source
from pipelines.extract.blocks.tags import OFFSET, PRIME

Words = npt.NDArray[np.uint32]

MOST_WORDS = 32
"""Of one element."""
LONGEST = 40
"""Bytes of a name that is a word as a whole too."""


@leaf
def add_words(source: Source, begin: int, end: int, words: Words, counts: tuple[int, int], salt: Integer) -> int:  # noqa: PLR0917
    """Append the words of an attribute's value; returns how many there are then.

    A word is a run of letters of one name, split before capitals ("postBody", "post-body" and "post_body" are "post"
    and "body"), digits left out; a name of several words is one more word as a whole. ``counts``: where the element's
    words begin, and how many there are. ``salt`` sets attributes apart (uint64).
    """
    first, count = counts
    most = first + MOST_WORDS
    word, name = salt, salt
    word_length, name_length, parts = 0, 0, 0
    lower_before = False
    for position in range(begin, end + 1):
        byte = np.int64(source[position]) if position < end else np.int64(0x20)
        is_capital = 0x41 <= byte <= 0x5A
        is_part = is_capital or 0x61 <= byte <= 0x7A or byte >= 0x80
        if word_length > 0 and (not is_part or (is_capital and lower_before)):
            if word_length > 1 and count < most:
                words[count] = _fold(word)
                count += 1
            parts += 1
            name = (name ^ uint64(0x2D)) * uint64(PRIME)
            word, word_length = salt, 0
        if is_part:
            lower = uint64(byte | 0x20 if is_capital else byte)
            word = (word ^ lower) * uint64(PRIME)
            name = (name ^ lower) * uint64(PRIME)
            word_length += 1
            name_length += 1
        elif byte <= 0x20:
            if parts > 1 and name_length <= LONGEST and count < most:
                words[count] = _fold(name)
                count += 1
            name, name_length, parts = salt, 0, 0
        lower_before = 0x61 <= byte <= 0x7A
    return count


@inlined
def _fold(value: Integer) -> Integer:
    return uint32((value ^ (value >> uint64(32))) & uint64(0xFFFFFFFF))


def word_hash(name: str) -> int:
    """The hash of a word (lower case), or of a whole name with hyphens between its words, in class or id."""
    value = OFFSET
    parts = name.split("-")
    for part in parts:
        for byte in part.encode():
            value = ((value ^ byte) * PRIME) & 0xFFFFFFFFFFFFFFFF
        if len(parts) > 1:
            value = ((value ^ 0x2D) * PRIME) & 0xFFFFFFFFFFFFFFFF
    return (value ^ (value >> 32)) & 0xFFFFFFFF
