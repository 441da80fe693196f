"""Where a text can be cut so that its parts, encoded alone, give the tokens of the whole.

A rule looks at two neighbouring characters, so that it is one look-up a character. There are two kinds, each with its
proof: by the vocabulary, and by the regular expression that a text is split by.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.tokenize.cutting.crossing import cross_characters
from pipelines.tokenize.cutting.kinds import ASCII, CODE_POINTS, DIGIT, MARK, UNCASED, kinds
from pipelines.tokenize.cutting.patterns import Pattern

SPACE, META = ord(" "), 0x2581
"""SentencePiece writes a space as U+2581."""
APOSTROPHE = ord("'")


class Boundaries(NamedTuple):
    """Between characters a and b is a boundary if ``left[a] & right[b]`` and the pair is not in ``joined``."""

    ascii: npt.NDArray[np.bool_]
    """bool[128, 128]: the same for two ASCII characters, in one look-up."""
    left: npt.NDArray[np.uint8]
    """uint8[CODE_POINTS]: kinds of characters that a part may end with, as bits."""
    right: npt.NDArray[np.uint8]
    """uint8[CODE_POINTS]: kinds that must come before for a part to begin with this character, as bits."""
    joined: npt.NDArray[np.uint64]
    """Open-addressed set of pairs, ``(a << 21 | b) + 1``, 0 where free; its length is a power of two."""


def by_vocabulary(pieces: Iterable[str]) -> Boundaries:
    """Boundaries between characters that stand next to each other in no piece; a space is as good as U+2581.

    For byte-pair encoding without pretokenisation, which merges two neighbours only if the result is a piece. A merge
    over a boundary would be a piece that holds both characters side by side, so none happens; the merges left and right
    of it then do not depend on one another, and each side's come in the same order (by score, then from the left).
    """
    both = np.ones(CODE_POINTS, np.uint8)
    named = [piece.replace(chr(META), " ") for piece in pieces]
    pairs = {(a, b) for first, second in _pairs(named) for a in _alike(first) for b in _alike(second)}
    return _boundaries(both, both, pairs)


def by_pattern(pattern: Pattern, added: Iterable[str] = (), tokens: Iterable[bytes] = ()) -> Boundaries:
    """Boundaries that every expression of `patterns` has whatever comes before and after; none in ``added``.

    Each is between two characters that no alternative of the expressions matches side by side, of which the second
    begins a match in the same way whatever stands before it:

    - before a space, after no white space;
    - after a letter, before what is no letter, mark on a letter or apostrophe;
    - after a digit, before what is no number;
    - after a mark, before a digit; before a letter or white space too where marks lead nothing, but for the apostrophe;
    - between two letters of scripts without capitals that stand side by side in none of ``tokens`` (all there are), as
      in `by_vocabulary`, unless capitals end a word: a word goes on behind such a boundary as it would begin there.

    What looks ahead (``\\s+(?!\\S)``, ``\\s++$``) stands after white space only, which is never the first of the two.
    ``added`` are tokens that are looked for before a text is split.
    """
    kind = kinds()
    letters, digits, marks = kind > 0, kind == DIGIT, kind == MARK
    letters &= ~digits & ~marks
    plain = np.arange(CODE_POINTS) < ASCII
    left, right = np.ones(CODE_POINTS, np.uint8), np.zeros(CODE_POINTS, np.uint8)
    left[[point for point in range(CODE_POINTS) if chr(point).isspace()]] = 0
    right[SPACE] |= 1
    left[letters] |= 2
    right[(plain | marks) & ~letters] |= 2
    right[APOSTROPHE] = 0
    left[digits] |= 4
    right[(plain | marks | letters) & ~digits] |= 4
    left[marks] |= 8
    right[digits] |= 8
    if not pattern.marks_lead:
        left[marks] |= 16
        left[APOSTROPHE] = 1 | 8
        right[letters] |= 16
        right[[ord(c) for c in "\t\n\r"]] |= 16
    joined = _pairs(added)
    if tokens and not pattern.cased:
        crossed = cross_characters(tokens)
        left[(kind == UNCASED) & ~crossed.left] |= 32
        right[(kind == UNCASED) & ~crossed.right] |= 32
        joined |= crossed.pairs
    return _boundaries(left, right, joined)


Pairs = set[tuple[int, int]]


def _pairs(texts: Iterable[str]) -> Pairs:
    """All pairs of neighbours in the texts."""
    return {(ord(a), ord(b)) for text in texts for a, b in pairwise(text)}


def _alike(point: int) -> tuple[int, ...]:
    return (SPACE, META) if point == SPACE else (point,)


def _boundaries(left: npt.NDArray[np.uint8], right: npt.NDArray[np.uint8], joined: Pairs) -> Boundaries:
    ascii_table = (left[:ASCII, None] & right[None, :ASCII]) != 0
    pairs = np.array(sorted(joined), np.int64).reshape(-1, 2)
    first, second = pairs.T
    inside = (first < ASCII) & (second < ASCII)
    ascii_table[first[inside], second[inside]] = False
    return Boundaries(ascii_table, left, right, _set((first << 21 | second).astype(np.uint64) + np.uint64(1)))


def _set(keys: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The keys in an open-addressed table that is at most a quarter full."""
    size = 1 << max(4, int(4 * len(keys)).bit_length())
    table = np.zeros(size, np.uint64)
    for key in keys.tolist():
        slot = pair_slot(key, size)
        while table[slot]:
            slot = (slot + 1) % size
        table[slot] = key
    return table


def pair_slot(key: int, size: int) -> int:
    """Where a pair is looked for first in a table of ``size``."""
    return ((key * PAIR_SPREAD) & 0xFFFFFFFFFFFFFFFF) >> 32 & size - 1


PAIR_SPREAD: Final = 0x9E3779B97F4A7C15
"""2^64 over the golden ratio (Knuth, The Art of Computer Programming, 6.4)."""
