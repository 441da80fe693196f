"""Pages and outcomes in a file that both processes have open: the pipe between them carries only counts.

Pages lie one after another from the start, their outcomes after them. Each side reads and writes at explicit offsets,
since the position of a shared descriptor is shared too.
"""

import os
import struct
import sys
import tempfile
from collections.abc import Sequence
from datetime import date

from pipelines.extract.page import Extracted, ExtractionFailure, Page

PAGE = struct.Struct("<IiI")
"""Bytes of HTML, bytes of URL (-1: none), ordinal of the day of fetching (0: none)."""
FIELDS = 7
OUTCOME = struct.Struct(f"<B{FIELDS}i")
"""1 for a failure, then the bytes of each field (-1: none)."""


def to_utf8(text: str) -> bytes:
    """UTF-8, with U+FFFD for each lone surrogate: neither parsers nor Arrow take them."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()


def encode_head(html: bytes, page: Page) -> bytes:
    """What the child reads before ``html``, the page in UTF-8."""
    url = None if page.url is None else to_utf8(page.url)
    fetched = page.fetched.toordinal() if page.fetched else 0
    return PAGE.pack(len(html), -1 if url is None else len(url), fetched) + (url or b"")


def read_page(file: int, offset: int) -> tuple[bytes, str | None, date | None, int]:
    """HTML, URL and day of fetching of the page at ``offset``, and where the next one begins."""
    html_length, url_length, fetched = PAGE.unpack(os.pread(file, PAGE.size, offset))
    offset += PAGE.size
    url = None if url_length < 0 else os.pread(file, url_length, offset).decode()
    offset += max(url_length, 0)
    html = os.pread(file, html_length, offset)
    return html, url, date.fromordinal(fetched) if fetched else None, offset + html_length


def encode_outcome(outcome: Extracted | ExtractionFailure) -> bytes:
    """An outcome as the parent reads it."""
    if isinstance(outcome, ExtractionFailure):
        fields: Sequence[str | None] = (outcome.error_class, outcome.message, *[None] * (FIELDS - 2))
    else:
        fields = (
            outcome.text,
            outcome.title,
            outcome.author,
            outcome.date,
            outcome.language,
            outcome.canonical_url,
            outcome.site_name,
        )
    encoded = [None if field is None else to_utf8(field) for field in fields]
    lengths = [-1 if field is None else len(field) for field in encoded]
    return OUTCOME.pack(isinstance(outcome, ExtractionFailure), *lengths) + b"".join(filter(None, encoded))


def decode_outcome(encoded: bytes) -> Extracted | ExtractionFailure:
    """The outcome that ``encode_outcome`` wrote."""
    is_failure, *lengths = OUTCOME.unpack_from(encoded)
    fields: list[str | None] = []
    offset = OUTCOME.size
    for length in lengths:
        fields.append(None if length < 0 else encoded[offset : offset + length].decode())
        offset += max(length, 0)
    if is_failure:
        return ExtractionFailure(fields[0] or "", fields[1] or "")
    text, *rest = fields
    return Extracted(text or "", *rest)


def new_file() -> int:
    """A file without a name, in memory where the system offers that; the caller closes it."""
    if sys.platform == "linux":
        return os.memfd_create("pages")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def write_all(file: int, data: bytes, offset: int) -> None:
    """``os.pwrite`` may write less than it is given, for instance above 2 GB."""
    view = memoryview(data)
    while view:
        written = os.pwrite(file, view, offset)
        view, offset = view[written:], offset + written
