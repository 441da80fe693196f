"""Splits UTF-8 bytes into sentences and joins the kept ones, without strings."""

import numpy as np

from filters.kernel import kernel

NEWLINE = ord("\n")
STOPS = (ord("."), ord("!"), ord("?"))
CLOSERS = (ord('"'), ord("'"), ord(")"), ord("]"))
ELLIPSIS = (0xE2, 0x80, 0xA6)  # …
FULL_WIDTH = (0x81, 0x9F)  # ！ and ？ after 0xEF 0xBC
CLOSING_QUOTES = (0x99, 0x9D)  # ’ and ” after 0xE2 0x80


@kernel
def _is_space(byte: int) -> bool:
    return byte == 32 or 9 <= byte <= 13


@kernel
def _full_width_stop(data: np.ndarray, at: int, end: int) -> bool:
    """Whether 。 ！ or ？ stands at ``at``: after these no white space is needed."""
    if at + 2 >= end:
        return False
    a, b, c = data[at], data[at + 1], data[at + 2]
    return (a == 0xE3 and b == 0x80 and c == 0x82) or (a == 0xEF and b == 0xBC and c in FULL_WIDTH)


@kernel
def _stop_width(data: np.ndarray, at: int, end: int) -> int:
    """Bytes of the stop at ``at`` (. ! ? …), 0 where there is none."""
    if data[at] in STOPS:
        return 1
    is_ellipsis = at + 2 < end and (data[at], data[at + 1], data[at + 2]) == ELLIPSIS
    return 3 if is_ellipsis else 0


@kernel
def _skip_closers(data: np.ndarray, at: int, end: int) -> int:
    """The position after further stops, closing quotes and brackets."""
    while at < end:
        width = _stop_width(data, at, end)
        if width == 0 and data[at] in CLOSERS:
            width = 1
        if width == 0 and at + 2 < end and data[at] == 0xE2 and data[at + 1] == 0x80 and data[at + 2] in CLOSING_QUOTES:
            width = 3
        if width == 0:
            break
        at += width
    return at


@kernel
def _sentence_end(data: np.ndarray, at: int, end: int) -> int:
    """The end of the sentence that starts at ``at``, which is no white space: past its last byte."""
    last = at  # past the last byte that is not white space
    while at < end and data[at] != NEWLINE:
        if _full_width_stop(data, at, end):
            return _skip_closers(data, at + 3, end)
        width = _stop_width(data, at, end)
        if width > 0:
            at = _skip_closers(data, at + width, end)
            last = at
            following = at
            while following < end and _is_space(data[following]) and data[following] != NEWLINE:
                following += 1
            goes_on = following < end and ord("a") <= data[following] <= ord("z")
            if following > at and not goes_on:
                return last
            continue
        if not _is_space(data[at]):
            last = at + 1
        at += 1
    return last


@kernel
def _split_into(data: np.ndarray, text_offsets: np.ndarray, spans: np.ndarray, offsets: np.ndarray) -> int:
    """Write the sentences as far as there is room; returns how many there are."""
    count = 0
    for document in range(len(text_offsets) - 1):
        at, end = text_offsets[document], text_offsets[document + 1]
        while at < end:
            if _is_space(data[at]):
                at += 1
                continue
            stop = _sentence_end(data, at, end)
            if count < len(spans):
                spans[count] = at, stop
            count += 1
            at = stop
        offsets[document + 1] = count
    return count


def split(data: np.ndarray, text_offsets: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Start and end of every sentence in ``data`` (uint8), shape (n, 2), and where each document's begin (int64)."""
    offsets = np.zeros(len(text_offsets), np.int64)
    count = _split_into(data, text_offsets, np.zeros((0, 2), np.int64), offsets)
    spans = np.zeros((count, 2), np.int64)
    _split_into(data, text_offsets, spans, offsets)
    return spans, offsets


@kernel
def _has_newline(data: np.ndarray, start: int, end: int) -> bool:
    return bool(np.any(data[start:end] == NEWLINE))


@kernel
def _copy(data: np.ndarray, start: int, end: int, out: np.ndarray, at: int) -> int:
    out[at : at + end - start] = data[start:end]
    return at + end - start


@kernel
def join_kept(
    data: np.ndarray, text_offsets: np.ndarray, spans: np.ndarray, offsets: np.ndarray, kept: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Bytes (uint8) and offsets (int64) of the documents without the sentences that are not ``kept`` (bool).

    Between two kept sentences stands the white space that was before the second; if sentences between them went and
    it has no newline, the nearest earlier one that has (so paragraphs stay apart). White space at the start or end of
    a document goes with the sentence next to it.
    """
    out = np.empty(text_offsets[-1] - text_offsets[0], np.uint8)
    out_offsets = np.zeros(len(text_offsets), np.int64)
    size = 0
    for document in range(len(text_offsets) - 1):
        previous = text_offsets[document]
        gap_start, gap_end = previous, previous
        anything = False
        first, last = offsets[document], offsets[document + 1]
        for sentence in range(first, last):
            start, end = spans[sentence]
            if _has_newline(data, previous, start) or not _has_newline(data, gap_start, gap_end):
                gap_start, gap_end = previous, start
            previous = end
            if not kept[sentence]:
                continue
            if anything or sentence == first:
                size = _copy(data, gap_start, gap_end, out, size)
            size = _copy(data, start, end, out, size)
            gap_start, gap_end = end, end
            anything = True
        if first == last or kept[last - 1]:
            size = _copy(data, previous, text_offsets[document + 1], out, size)
        out_offsets[document + 1] = size
    return out[:size].copy(), out_offsets
