"""From runs of words to bytes: what is cut with the words, and what stays."""

import numpy as np
import pyarrow as pa

from filters.kernel import kernel
from filters.lexing.characters import OPENING, SPACE, Bytes, Integer, Integers, before, kind_at, kinds
from filters.lexing.hashed_words import words_of
from filters.lexing.utf8 import utf8

NEWLINE = 0x0A

Span = tuple[Integer, Integer]


def byte_ranges(
    text: pa.LargeStringArray, document: Integers, first: Integers, last: Integers
) -> tuple[Integers, Integers]:
    """The bytes (start, end: int64[ranges]) of the words ``first`` up to, not including, ``last``.

    With the words goes the punctuation that touches them: behind them all up to white space, a word or an opening
    bracket; before them opening brackets, and other marks where white space comes before these. Of lines that lose all
    their words, marks that stand apart go too. Raises ``ValueError`` for words that a document does not have.
    """
    spans = words_of(text)
    if np.any((first < 0) | (first >= last) | (last > np.diff(spans.offsets)[document])):
        raise ValueError("a range of words must lie within its document")
    words = (spans.start, spans.end, spans.offsets)
    return _with_marks(*utf8(text), words, (document, first, last), kinds())


@kernel
def _with_marks(
    data: Bytes,
    offsets: Integers,
    words: tuple[Integers, Integers, Integers],
    ranges: tuple[Integers, Integers, Integers],
    kind: Bytes,
) -> tuple[Integers, Integers]:
    word_starts, word_ends, word_offsets = words
    documents, firsts, lasts = ranges
    start, end = np.empty(len(documents), np.int64), np.empty(len(documents), np.int64)
    for i in range(len(documents)):
        begin, word_begin = int(offsets[documents[i]]), int(word_offsets[documents[i]])
        word_end = int(word_offsets[documents[i] + 1])
        first, last = word_begin + int(firsts[i]), word_begin + int(lasts[i])
        # From the word before to the word behind.
        is_first, is_last = first == word_begin, last == word_end
        low = begin if is_first else begin + int(word_ends[first - 1])
        high = int(offsets[documents[i] + 1]) if is_last else begin + int(word_starts[last])
        left = _extended_left(data, (low, begin + int(word_starts[first])), kind, is_first)
        right = _extended_right(data, (begin + int(word_ends[last - 1]), high), kind, is_last)
        line_start = _line_start(data, (low, left), kind, is_first)
        line_end = _line_end(data, (right, high), kind, is_last)
        if line_start >= 0 and line_end >= 0:
            left, right = line_start, line_end
        start[i], end[i] = left - begin, right - begin
    return start, end


@kernel
def _extended_left(data: Bytes, span: Span, kind: Bytes, is_first: bool) -> Integer:
    low, position = span
    only_opening, brackets = True, position
    while position > low:
        previous = before(data, position)
        what = kind_at(data, previous, kind)[0]
        if what == SPACE:
            return position
        only_opening = only_opening and what == OPENING
        position = previous
        brackets = position if only_opening else brackets
    return position if is_first else brackets


@kernel
def _extended_right(data: Bytes, span: Span, kind: Bytes, is_last: bool) -> Integer:
    position, high = span
    brackets = -1
    while position < high:
        what, length = kind_at(data, position, kind)
        if what == SPACE:
            return position
        brackets = position if brackets < 0 and what == OPENING else brackets
        position += length
    return position if is_last or brackets < 0 else brackets


@kernel
def _line_start(data: Bytes, span: Span, kind: Bytes, is_first: bool) -> Integer:
    """Where the first mark before the words stands in their line, -1 if a word stands before them."""
    low, position = span
    mark = position
    while position > low and data[position - 1] != NEWLINE:
        position = before(data, position)
        mark = mark if kind_at(data, position, kind)[0] == SPACE else position
    return mark if position > low or is_first else -1


@kernel
def _line_end(data: Bytes, span: Span, kind: Bytes, is_last: bool) -> Integer:
    """Where the last mark behind the words ends in their line, -1 if a word stands behind them."""
    position, high = span
    mark = position
    while position < high and data[position] != NEWLINE:
        what, length = kind_at(data, position, kind)
        position += length
        mark = mark if what == SPACE else position
    return mark if position < high or is_last else -1
