"""Source code of any language as tokens: layout does not count, every name and operator does."""

import numpy as np
import pyarrow as pa
from numba import uint64

from filters.kernel import inlined, kernel
from filters.minhash.mixing import mix

SPACE, NAME, OPERATOR = 0, 1, 2
"""What a byte of UTF-8 is part of: ASCII white space; a name or number, as is all beyond ASCII; an operator."""
_KINDS = np.full(256, OPERATOR, np.int64)
_KINDS[[byte for byte in range(128) if chr(byte).isalnum() or chr(byte) == "_"]] = NAME
_KINDS[128:] = NAME
_KINDS[[byte for byte in range(128) if chr(byte).isspace()]] = SPACE


def code_tokens(text: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """The hash of every token: a run of letters, digits and underscores, case kept, or one other character.

    Returns (hashes uint64[tokens], offsets int64[documents + 1]).
    """
    text = text.cast(pa.large_string())  # nothing where the type is right already; other offsets would be misread
    _, offsets_buffer, data_buffer = text.buffers()
    if not len(text) or data_buffer is None:
        return np.zeros(0, np.uint64), np.zeros(len(text) + 1, np.int64)
    starts = np.frombuffer(offsets_buffer, np.int64)[text.offset : text.offset + len(text) + 1]
    return _tokens(np.frombuffer(data_buffer, np.uint8), starts)


@kernel
def _tokens(data: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    hashes = np.empty(starts[-1] - starts[0], np.uint64)
    offsets = np.zeros(len(starts), np.int64)
    found = 0
    for document in range(len(starts) - 1):
        position, end = starts[document], starts[document + 1]
        while position < end:
            kind = _KINDS[data[position]]
            key = _add(uint64(0xCBF29CE484222325), uint64(data[position]))
            position += 1
            while kind == NAME and position < end and _KINDS[data[position]] == NAME:
                key = _add(key, uint64(data[position]))
                position += 1
            hashes[found] = mix(key)
            found += int(kind != SPACE)
        offsets[document + 1] = found
    return hashes[:found].copy(), offsets


@inlined
def _add(key: np.uint64, byte: np.uint64) -> np.uint64:
    """One more byte, as FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/)."""
    return (key ^ byte) * uint64(0x100000001B3)
