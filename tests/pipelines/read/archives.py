"""Small archives for the tests, sound and broken, written byte by byte."""

import gzip
from pathlib import Path

import zstandard

from pipelines.read.files import find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Item, Record, Skipped
from schemas.document import DeadLetter
from schemas.recipe.read import ReadSettings

SMALL = ReadSettings(max_record_bytes=1 << 20)


def http(body: bytes, *headers: str, status: str = "200 OK", content_type: str | None = "text/html") -> bytes:
    lines = [f"HTTP/1.1 {status}", *([f"Content-Type: {content_type}"] if content_type else []), *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def warc(
    block: bytes,
    uri: str | None = "http://site.test/",
    kind: str = "response",
    content_type: str = "application/http; msgtype=response",
    date: str = "2024-02-03T04:05:06Z",
    length: int | str | None = None,
) -> bytes:
    lines = ["WARC/1.0", f"WARC-Type: {kind}", f"WARC-Date: {date}", f"Content-Type: {content_type}"]
    lines += [f"WARC-Target-URI: {uri}"] if uri else []
    lines += [f"Content-Length: {len(block) if length is None else length}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def body(number: int) -> bytes:
    words = " ".join(f"word{number * i % 97}" for i in range(60))
    return f"<html><body><p>page {number} {words}</p></body></html>".encode()


def page(number: int) -> bytes:
    return warc(http(body(number)), uri(number))


def uri(number: int) -> str:
    return f"http://site.test/{number}"


def pages(count: int) -> list[bytes]:
    return [page(number) for number in range(count)]


def pack(records: list[bytes], codec: str) -> list[bytes]:
    """Each record compressed by itself."""
    functions = {"": bytes, ".gz": lambda data: gzip.compress(data, mtime=0), ".zst": _zstd}
    return [functions[codec](record) for record in records]


def _zstd(data: bytes) -> bytes:
    return zstandard.ZstdCompressor(write_checksum=True).compress(data)


def read(folder: Path, content: bytes, name: str, settings: ReadSettings = SMALL) -> list[Item]:
    path = folder / name
    path.write_bytes(content)
    (file,) = find_inputs([str(path)])
    return list(read_records(file, settings))


def uris(items: list[Item]) -> list[str]:
    return [item.uri for item in items if isinstance(item, Record)]


def dead(items: list[Item]) -> list[str]:
    return [item.error_class for item in items if isinstance(item, DeadLetter)]


def skipped(items: list[Item]) -> list[tuple[str, str]]:
    return [(item.rule, item.value) for item in items if isinstance(item, Skipped)]
