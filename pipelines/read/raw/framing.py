"""WARC records in a stream of bytes: where each begins and ends, told from what stands there, not only from its length.

A record is handed out when its block is whole and something sane follows it. Else the damage is reported, and the
search for the next record goes on from inside it, so that a length that is too long does not swallow what comes next.
Format: ISO 28500, https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipelines.read.raw.window import Window

_MAX_HEADER_BYTES = 64 << 10
_RECORD_START = re.compile(rb"WARC/1\.\d\r\n[A-Za-z][A-Za-z0-9-]{0,62}:")
_LONGEST_START = 80
_LENGTH = re.compile(rb"\r\nContent-Length:[ \t]*(\d{1,18})[ \t]*\r\n", re.IGNORECASE)
_URI = re.compile(rb"\r\nWARC-Target-URI:[ \t]*<?([^\r\n>]*)", re.IGNORECASE)
_TWO_LINE_ENDS = b"\r\n\r\n"
"""Ends a header, and follows a block."""
_VERSION = b"WARC/"


@dataclass(frozen=True)
class Framed:
    """A whole record; positions are of the stream, ``end`` is where the next record begins."""

    start: int
    end: int
    content: bytes
    """Header and block, without the line ends after the block."""
    alone: bool
    """Whether the stream holds nothing else."""


@dataclass(frozen=True)
class Damage:
    """Bytes from ``start`` to ``end`` of the stream that are no sound record."""

    start: int
    end: int
    error_class: str
    message: str
    uri: str | None


def split_records(window: Window, max_block_bytes: int) -> Iterator[Framed | Damage]:
    """The records of a stream, and the damage between them.

    Memory: one block of at most ``max_block_bytes``; a record that claims more is damage.
    """
    is_first = True
    _skip_line_ends(window)
    while not window.at_end() or (is_first and window.broken):
        start = window.position
        try:
            content = _take_record(window, max_block_bytes)
        except _Unsound as unsound:
            window.skip(1)
            window.skip_to(_RECORD_START, _LONGEST_START)
            yield Damage(start, window.position, unsound.error_class, str(unsound), unsound.uri)
        else:
            yield Framed(start, window.position, content, alone=is_first and window.at_end())
        is_first = False


class _Unsound(Exception):
    """What stands at the window's position is no sound record."""

    def __init__(self, error_class: str, message: str, uri: str | None = None) -> None:
        super().__init__(message)
        self.error_class = error_class
        self.uri = uri


def _take_record(window: Window, max_block_bytes: int) -> bytes:
    """Header and block of the record at the window's position, which moves behind it.

    Raises _Unsound, and leaves the window where it is.
    """
    header = _header(window)
    found = _URI.search(header)
    uri = found[1].decode("utf-8", "replace") if found else None
    length = _LENGTH.search(header)
    if length is None:
        raise _Unsound("InvalidHeader", "the record's header has no valid Content-Length", uri)
    size = int(length[1])
    if size > max_block_bytes:
        raise _Unsound("RecordTooLarge", f"the record claims {size} bytes, the bound is {max_block_bytes}", uri)
    end = len(header) + size
    if (available := window.fill(end)) < end:
        raise _cut_off(window, f"{size} bytes are announced, {available - len(header)} are there", uri)
    following = window.peek(end, end + 16)
    after_line_ends = following.lstrip(b"\r\n")
    if window.broken and not after_line_ends:
        raise _cut_off(window, "", uri)  # its checksum may be what is broken: the bytes are not to be trusted
    if not (following.startswith(_TWO_LINE_ENDS) or _VERSION.startswith(after_line_ends[: len(_VERSION)])):
        raise _Unsound("WrongLength", f"the record does not end after the {size} bytes that are announced", uri)
    content = window.peek(0, end)
    window.skip(end)
    _skip_line_ends(window)
    return content


def _header(window: Window) -> bytes:
    """The header of the record at the window's position. Raises _Unsound."""
    if not window.peek(0, len(_VERSION)) == _VERSION:
        raise _cut_off(window, "") if window.broken else _Unsound("UnknownBytes", "these bytes are no WARC record")
    end = window.find(_TWO_LINE_ENDS, _MAX_HEADER_BYTES)
    if end is None and window.fill(_MAX_HEADER_BYTES) < _MAX_HEADER_BYTES:
        raise _cut_off(window, "the file ends inside a record's header")
    if end is None:
        raise _Unsound("InvalidHeader", f"the record's header does not end within {_MAX_HEADER_BYTES} bytes")
    header = window.peek(0, end + len(_TWO_LINE_ENDS))
    if _RECORD_START.search(header, 1):
        raise _Unsound("InvalidHeader", "another record begins inside the record's header")
    return header


def _cut_off(window: Window, message: str, uri: str | None = None) -> _Unsound:
    """The stream ends too early: because it is broken, or because the file is cut off."""
    if window.broken:
        return _Unsound(window.broken.error_class, window.broken.message, uri)
    return _Unsound("TruncatedRecord", message, uri)


def _skip_line_ends(window: Window) -> None:
    while window.peek(0, 1) in (b"\r", b"\n"):
        window.skip(1)
