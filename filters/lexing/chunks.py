"""A batch of texts as chunks: the runs of characters between white space.

Arrow's own ``utf8_split_whitespace`` reads a byte beyond the text, and now and then takes white space at its end for a
part of the last word (https://github.com/apache/arrow/issues/37757).
"""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from filters.kernel import kernel, leaf

Bytes = npt.NDArray[np.uint8]


def split_chunks(text: pa.LargeStringArray, narrow_space_splits: bool = True) -> tuple[pa.LargeStringArray, np.ndarray]:
    """The chunks of every text, one after the other, as ``str.split()``.

    Returns (chunks large_string[chunks], offsets int64[documents + 1]). U+202F, the narrow no-break space, is the one
    white space at which Unicode word boundaries do not always break; it may stay inside chunks.
    """
    text = text.cast(pa.large_string())  # nothing where the type is right already; other offsets would be misread
    _, offsets_buffer, data_buffer = text.buffers()
    if not len(text) or data_buffer is None:
        return pa.array([], pa.large_string()), np.zeros(len(text) + 1, np.int64)
    starts = np.frombuffer(offsets_buffer, np.int64)[text.offset : text.offset + len(text) + 1]
    edges, offsets = _edges(np.frombuffer(data_buffer, np.uint8), starts, narrow_space_splits)
    if not len(edges):
        return pa.array([], pa.large_string()), offsets
    # Every second string between two edges is a chunk, those between are white space; no byte moves until take.
    pieces = pa.LargeStringArray.from_buffers(len(edges) - 1, pa.py_buffer(edges), data_buffer)
    return pieces.take(pa.array(np.arange(0, len(edges) - 1, 2))), offsets


TEXT, SPACE, PERHAPS_SPACE = 0, 1, 2
"""What a byte says: no white space, white space, the first byte of a character that may be white space."""
_KINDS = np.zeros(256, np.int64)
_KINDS[[0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20]] = SPACE
_KINDS[[0xC2, 0xE1, 0xE2, 0xE3]] = PERHAPS_SPACE


@kernel
def _edges(data: Bytes, starts: np.ndarray, narrow_space_splits: bool) -> tuple[np.ndarray, np.ndarray]:
    """Where each chunk starts and ends, in turn, and the number of chunks before each document.

    An edge is written at every byte and kept where the kind changes: a branch at every word would cost six times more.
    """
    documents = len(starts) - 1
    edges = np.empty(starts[-1] - starts[0] + documents + 1, np.int64)
    offsets = np.zeros(documents + 1, np.int64)
    found = 0
    for document in range(documents):
        position, end = starts[document], starts[document + 1]
        before = SPACE
        while position < end:
            kind, step = _KINDS[data[position]], 1
            if kind == PERHAPS_SPACE:
                length = _long_space(data, position, narrow_space_splits)
                kind, step = int(length > 0), max(length, 1)
            edges[found] = position
            found += int(kind != before)
            before = kind
            position += step
        edges[found] = end
        found += int(before == TEXT)
        offsets[document + 1] = found // 2
    return edges[:found], offsets


@leaf
def _long_space(data: Bytes, i: int, narrow_space_splits: bool) -> int:
    """Bytes of the white space (``str.isspace``) beyond ASCII that starts at ``data[i]``, 0 if there is none."""
    first, second = data[i], data[i + 1]
    if first == 0xC2:  # U+0085, U+00A0
        return 2 * int(second in (0x85, 0xA0))
    third = data[i + 2]
    if first == 0xE2 and second == 0x80:  # U+2000 to U+200A, U+2028, U+2029, U+202F
        return 3 * int(third <= 0x8A or 0xA8 <= third <= 0xA9 or (third == 0xAF and narrow_space_splits))
    medium_space = first == 0xE2 and second == 0x81 and third == 0x9F  # U+205F
    ogham_space = first == 0xE1 and second == 0x9A and third == 0x80  # U+1680
    wide_space = first == 0xE3 and second == 0x80 and third == 0x80  # U+3000
    return 3 * int(medium_space or ogham_space or wide_space)
