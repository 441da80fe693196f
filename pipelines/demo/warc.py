"""Writes pages as WARC files, byte for byte the same for the same pages."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

FETCHED_AT = "2024-01-01T00:00:00Z"
"""The WARC-Date of every record: a real one would change the bytes."""


@dataclass(frozen=True)
class Page:
    """A rendered page and its address."""

    uri: str
    html: bytes


def write_warc(path: Path, pages: Iterable[Page]) -> None:
    """Write each page as a response record, a gzip member for each record."""
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for page in pages:
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(page.html)))]
            record = writer.create_warc_record(
                page.uri,
                "response",
                payload=BytesIO(page.html),
                http_headers=StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1"),
                warc_headers_dict={
                    "WARC-Date": FETCHED_AT,
                    "WARC-Record-ID": f"<urn:uuid:{uuid5(NAMESPACE_URL, page.uri)}>",
                },
            )
            writer.write_record(record)
