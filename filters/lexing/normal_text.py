"""The normal words of texts without a vocabulary: most words need only their bytes.

A chunk of ASCII whose words have up to 16 letters and digits is split and hashed byte by byte; the rest goes through
the lexer. A vocabulary makes words fast that come again, but a stream of pages never runs out of new ones: English
pages bring some 6 new chunks a kilobyte, and each costs ten microseconds.
"""

import numpy as np
import pyarrow as pa
from numba import njit

from filters.lexing.chunks import split_chunks
from filters.lexing.normal_words import NormalWords, normal_words
from filters.lexing.words import lex
from filters.lexing.xxh3 import LONGEST, short_hash

OTHER, LETTER, DIGIT, JOINER, IN_LETTERS, IN_NUMBERS, IN_BOTH, NOT_ASCII = range(8)
"""What Unicode's word boundaries (UAX 29) see in a byte of ASCII."""
_KINDS = np.zeros(256, np.uint8)
_KINDS[[*range(0x41, 0x5B), *range(0x61, 0x7B)]] = LETTER
_KINDS[[*range(0x30, 0x3A)]] = DIGIT
_KINDS[ord("_")] = JOINER
_KINDS[ord(":")] = IN_LETTERS
_KINDS[[ord(","), ord(";")]] = IN_NUMBERS
_KINDS[[ord("."), ord("'")]] = IN_BOTH
_KINDS[0x80:] = NOT_ASCII

_LOWER = np.arange(256, dtype=np.uint8)
_LOWER[0x41:0x5B] += 0x20


def normal_words_of(text: pa.LargeStringArray) -> NormalWords:
    """The same as ``normal_words(lex(text, "uax29"))``, at a speed that does not depend on what was seen before."""
    chunks, document_offsets = split_chunks(text, narrow_space_splits=False)
    if not len(chunks):
        return NormalWords(np.empty(0, np.uint64), np.zeros(len(text) + 1, np.int64))
    _, offsets_buffer, data_buffer = chunks.buffers()
    starts = np.frombuffer(offsets_buffer, np.int64)[chunks.offset : chunks.offset + len(chunks) + 1]
    hashes, counts = _plain_words(np.frombuffer(data_buffer, np.uint8), starts)
    other = np.flatnonzero(counts < 0)
    if len(other):
        lexed = normal_words(lex(chunks.take(pa.array(other)), "uax29"))
        counts[other] = lexed.per_document
        is_plain = np.ones(len(chunks), np.bool_)
        is_plain[other] = False
        from_plain = np.repeat(is_plain, counts)
        merged = np.empty(len(from_plain), np.uint64)
        merged[from_plain] = hashes
        merged[~from_plain] = lexed.hashes
        hashes = merged
    return NormalWords(hashes, np.concatenate(([0], np.cumsum(counts)))[document_offsets])


@njit(cache=True, nogil=True)
def _plain_words(data: np.ndarray, starts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The hashes of the normal words of plain chunks, and the words of each chunk, -1 for one that is not plain.

    ``data`` is uint8, ``starts`` int64[chunks + 1]; the results are uint64 and int64[chunks].
    """
    chunks = len(starts) - 1
    hashes = np.empty((starts[-1] - starts[0] + chunks) // 2 + 1, np.uint64)
    counts = np.empty(chunks, np.int64)
    word = np.empty(LONGEST + 1, np.uint8)
    found = 0
    for chunk in range(chunks):
        start, end = int(starts[chunk]), int(starts[chunk + 1])
        before, length = found, 0
        plain = True
        for position in range(start, end):
            kind = _KINDS[data[position]]
            if kind == NOT_ASCII or length > LONGEST:
                plain = False
                break
            if kind in (LETTER, DIGIT):
                word[length] = _LOWER[data[position]]
                length += 1
            elif length and kind != JOINER and not _joins(data, position, start, end):
                hashes[found] = short_hash(word, length)
                found += 1
                length = 0
        if length > LONGEST:
            plain = False
        if plain and length:
            hashes[found] = short_hash(word, length)
            found += 1
        if not plain:
            found = before
        counts[chunk] = found - before if plain else -1
    return hashes[:found].copy(), counts


@njit(cache=True, nogil=True, inline="always")
def _joins(data: np.ndarray, position: int, start: int, end: int) -> bool:
    """Whether the mark at ``position`` keeps the letters, or the digits, on both sides of it together."""
    if position == start or position + 1 == end:
        return False
    before, kind, after = _KINDS[data[position - 1]], _KINDS[data[position]], _KINDS[data[position + 1]]
    if before != after:
        return False
    if before == LETTER:
        return kind in (IN_LETTERS, IN_BOTH)
    return before == DIGIT and kind in (IN_NUMBERS, IN_BOTH)
