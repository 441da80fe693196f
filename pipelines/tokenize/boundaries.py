"""Where a text can be cut so that its parts, encoded alone, give the tokens of the whole.

A rule looks at two neighbouring characters, so that it is one look-up a character. There are two kinds, each with its
proof: by the vocabulary, and by the regular expression that a text is split by.
"""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

ASCII = 0x80
CODE_POINTS = 0x110000
SPACE, META = ord(" "), 0x2581
"""SentencePiece writes a space as U+2581; a rule takes the two for one character."""

_LETTERS = ((0x41, 0x5B), (0x61, 0x7B), (0x3041, 0x3097), (0x30A1, 0x30FB), (0x4E00, 0x9FA6), (0xAC00, 0xD7A4))
_CJK_MARKS = "、。〈〉《》「」『』【】〔〕！（），．：；？"


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
    """Boundaries between characters that stand next to each other in no piece.

    For byte-pair encoding without pretokenisation, which merges two neighbours only if the result is a piece. A merge
    over a boundary would be a piece that holds both characters side by side, so none happens; the merges left and right
    of it then do not depend on one another, and each side's come in the same order (by score, then from the left).
    """
    both = np.ones(CODE_POINTS, np.uint8)
    return _boundaries(both, both, _pairs(pieces))


def by_pattern(added: Iterable[str] = ()) -> Boundaries:
    """Boundaries before a space after no white space, and after a letter before what is no letter; not in ``added``.

    For texts that are split by one of ``PATTERNS`` before they are encoded. None of their alternatives matches a space
    after something that is no white space. None goes on after a letter but with letters, their marks, or an apostrophe.
    So one match ends at the boundary, whatever comes, and the next begins there; and what looks ahead (``\\s+(?!\\S)``,
    ``\\s++$``) stands after white space only. Letters here are those of ASCII and CJK; what follows them is
    ASCII but the apostrophe, or CJK punctuation. ``added`` are tokens that are looked for before a text is split.
    """
    left, right = np.ones(CODE_POINTS, np.uint8), np.zeros(CODE_POINTS, np.uint8)
    left[[point for point in range(CODE_POINTS) if chr(point).isspace()]] = 0
    for start, end in _LETTERS:
        left[start:end] |= 2
    ended = [point for point in range(ASCII) if not chr(point).isalpha() and point != ord("'")]
    right[ended + [ord(mark) for mark in _CJK_MARKS]] = 2
    right[SPACE] = 1
    return _boundaries(left, right, _pairs(added))


def _pairs(texts: Iterable[str]) -> npt.NDArray[np.uint64]:
    """All pairs of neighbours in the texts, sorted."""
    return np.array(sorted({_pair(a, b) for text in texts for a, b in pairwise(text)}), np.uint64)


def _pair(a: str, b: str) -> int:
    first, second = (SPACE if ord(c) == META else ord(c) for c in (a, b))
    return first << 21 | second


def _boundaries(left: npt.NDArray[np.uint8], right: npt.NDArray[np.uint8], pairs: npt.NDArray[np.uint64]) -> Boundaries:
    ascii_table = (left[:ASCII, None] & right[None, :ASCII]) != 0
    first, second = (pairs >> np.uint64(21)).astype(np.int64), (pairs & np.uint64((1 << 21) - 1)).astype(np.int64)
    inside = (first < ASCII) & (second < ASCII)
    ascii_table[first[inside], second[inside]] = False
    return Boundaries(ascii_table, left, right, _set(pairs + np.uint64(1)))


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

BYTE_LEVEL: Final = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
"""What the pretokenizer ``ByteLevel`` of Hugging Face splits by: GPT-2's own expression."""

_O200K_WORDS = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
    r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
)
_CL100K_WORDS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+"

PATTERNS: Final = frozenset({
    BYTE_LEVEL,
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s",
    # GPT-3.5 and 4 (cl100k_base) in the two ways that tiktoken has written it, Llama 3, Qwen 2
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+| ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|"
    r"\s*[\r\n]|\s+(?!\S)|\s",
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]++[\r\n]*|\s*[\r\n]|\s+(?!\S)|\s+",
    _CL100K_WORDS + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    _CL100K_WORDS + r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+",
    # GPT-4o (o200k_base)
    _O200K_WORDS + r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+",
})  # fmt: skip
"""Expressions that `by_pattern` is proven for."""
