"""Takes ranges of bytes out of texts, and tidies up the white space that is left where they were."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.kernel import kernel
from filters.lexing.characters import SPACE, Bytes, Integer, Integers, before, kind_at, kinds
from filters.lexing.utf8 import utf8

NEWLINE = 0x0A


@dataclass(frozen=True)
class Cut:
    """Texts after a cut.

    ``text`` (large_string[documents]); ``removed`` (int64[documents]): bytes that are gone, white space included;
    ``is_emptied`` (bool[documents]): nothing is left of a text that had something other than white space.
    """

    text: pa.LargeStringArray
    removed: np.ndarray
    is_emptied: np.ndarray


def cut(text: pa.LargeStringArray, document: np.ndarray, start: np.ndarray, end: np.ndarray) -> Cut:
    """The texts without some ranges of bytes (int64[ranges] each), which may overlap and come in any order.

    Ranges begin and end between characters. Where something is cut, the widest separation around it stays: a blank
    line, else a line break, else white space, never two of them; nothing at the beginning. Other bytes do not change,
    nor does a text without ranges. Raises ``ValueError`` for a range that is no part of its text.
    """
    data, offsets = utf8(text)
    order = np.lexsort([end, start, document])
    document, start, end = document[order], start[order], end[order]
    if np.any((start < 0) | (start > end) | (end > np.diff(offsets)[document])):
        raise ValueError("a range to cut must lie within its text")
    bounds = np.searchsorted(document, np.arange(len(text) + 1))
    kept, kept_offsets = _cut(data, offsets, (bounds, start, end), kinds())
    result = pa.LargeStringArray.from_buffers(len(text), pa.py_buffer(kept_offsets), pa.py_buffer(kept))
    left = np.diff(kept_offsets)
    had_text = pc.binary_length(pc.utf8_ltrim_whitespace(text)).to_numpy() > 0
    return Cut(result, np.diff(offsets) - left, had_text & (left == 0))


@kernel
def _cut(
    data: Bytes, offsets: Integers, ranges: tuple[Integers, Integers, Integers], kind: Bytes
) -> tuple[Bytes, Integers]:
    bounds, starts, ends = ranges
    kept = np.empty(offsets[-1] - offsets[0], np.uint8)
    kept_offsets = np.zeros(len(offsets), np.int64)
    out = 0
    for document in range(len(offsets) - 1):
        first, begin, end = out, offsets[document], offsets[document + 1]
        position = begin  # of what is not copied yet
        i, last = bounds[document], bounds[document + 1]
        while i < last:
            gap = begin + starts[i]
            while gap > position and kind_at(data, before(data, gap), kind)[0] == SPACE:
                gap = before(data, gap)
            out = _copy(kept, out, data, position, gap)
            # The gap: white space, a range, white space, perhaps a range again... until a character that stays.
            best, best_end, best_newlines = gap, begin + starts[i], _newlines(data, gap, begin + starts[i])
            position = begin + starts[i]
            tail = position
            while i < last and begin + starts[i] <= position:
                position = max(position, begin + ends[i])
                i += 1
                if i < last and begin + starts[i] <= position:
                    continue
                tail = position
                while position < end:
                    what, length = kind_at(data, position, kind)
                    if what != SPACE or (i < last and begin + starts[i] <= position):
                        break
                    position += length
                newlines = _newlines(data, tail, position)
                if newlines > best_newlines or best == best_end:
                    best, best_end, best_newlines = tail, position, newlines
            out = _separate(kept, out, data, (first, position == end), (best, best_end, tail, position))
        out = _copy(kept, out, data, position, end)
        kept_offsets[document + 1] = out
    return kept[:out], kept_offsets


@kernel
def _separate(
    kept: Bytes,
    out: Integer,
    data: Bytes,
    place: tuple[Integer, bool],
    spaces: tuple[Integer, Integer, Integer, Integer],
) -> Integer:
    """Write the white space that stays in a gap: the ``best`` of it, and the indentation of the line that follows."""
    first, is_end = place
    best, best_end, tail, position = spaces
    if is_end:
        return out if out == first else _copy(kept, out, data, tail, position)
    indentation = _line_start(data, tail, position)
    if out == first:
        return _copy(kept, out, data, indentation, position) if indentation > tail else out
    if indentation > tail:
        out = _copy(kept, out, data, best, _line_start(data, best, best_end))
        return _copy(kept, out, data, indentation, position)
    return _copy(kept, out, data, best, best_end)


@kernel
def _newlines(data: Bytes, start: Integer, end: Integer) -> Integer:
    """0 for no line break, 1 for one, 2 for more."""
    return min(2, np.count_nonzero(data[start:end] == NEWLINE))


@kernel
def _line_start(data: Bytes, start: Integer, end: Integer) -> Integer:
    """Where the last line that begins in the bytes does so; ``start`` where none does."""
    while end > start and data[end - 1] != NEWLINE:
        end -= 1
    return end


@kernel
def _copy(kept: Bytes, out: Integer, data: Bytes, start: Integer, end: Integer) -> Integer:
    for position in range(start, end):
        kept[out] = data[position]
        out += 1
    return out
