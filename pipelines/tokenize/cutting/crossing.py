"""Which characters the tokens of a byte-level vocabulary go across: these may end, or begin, within a character."""

import codecs
from collections.abc import Iterable
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.tokenize.cutting.kinds import CODE_POINTS

Mask = npt.NDArray[np.bool_]

_CONTINUATION: Final = range(0x80, 0xC0)
"""Bytes that begin no character in UTF-8."""


class Crossed(NamedTuple):
    """Two neighbours of three bytes each that no token crosses are in none of these."""

    left: Mask
    """bool[CODE_POINTS]: characters that may be joined to whatever follows."""
    right: Mask
    """bool[CODE_POINTS]: characters that may be joined to whatever stands before."""
    pairs: set[tuple[int, int]]
    """Neighbours that stand side by side in a token."""


def cross_characters(tokens: Iterable[bytes]) -> Crossed:
    """What tokens go across. Those that are no part of valid UTF-8 never come, and do not count."""
    left, right = np.zeros(CODE_POINTS, np.bool_), np.zeros(CODE_POINTS, np.bool_)
    pairs: set[tuple[int, int]] = set()
    for token in tokens:
        if token.isascii():
            continue
        begin = next((place for place, byte in enumerate(token) if byte not in _CONTINUATION), len(token))
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            whole = decoder.decode(token[begin:])
        except UnicodeDecodeError:
            continue
        has_end, has_begin = begin > 0, bool(decoder.getstate()[0])
        pairs |= {(ord(a), ord(b)) for a, b in pairwise(whole)}
        if whole and has_end:
            right[ord(whole[0])] = True
        if whole and has_begin:
            left[ord(whole[-1])] = True
        if not whole and has_end and has_begin:
            left |= _ending_with(token[:begin])
    return Crossed(left, right, pairs)


def _ending_with(end: bytes) -> Mask:
    """The characters whose last bytes are these, as far as two of them say."""
    points = np.arange(CODE_POINTS)
    found = points & 0x3F == end[-1] & 0x3F
    if len(end) > 1:
        found &= points >> 6 & 0x3F == end[-2] & 0x3F
    return found
