"""Sound WARC and WET files, and records that are no wanted pages."""

import gzip
import io
import zlib
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
import xxhash
import zstandard
from fastwarc.stream_io import ZstdWriter, zstd_train_dictionary_from_samples
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipelines.read.record import Record
from schemas.recipe.read import ReadSettings
from tests.pipelines.read.archives import body, dead, http, pack, page, pages, read, skipped, uri, uris, warc

CODECS = ("", ".gz", ".zst")


def only(items: list) -> Record:
    (item,) = items
    assert isinstance(item, Record)
    return item


@pytest.mark.parametrize("codec", CODECS)
def test_reads_every_page_and_says_where_it_lies(tmp_path: Path, codec: str) -> None:
    packed = pack(pages(5), codec)
    items = read(tmp_path, b"".join(packed), f"a.warc{codec}")
    assert uris(items) == [uri(number) for number in range(5)]
    offset = 0
    for number, (item, part) in enumerate(zip(items, packed, strict=True)):
        assert isinstance(item, Record)
        assert (item.container, item.offset, item.length) == (f"a.warc{codec}", offset, len(part))
        assert item.html == body(number).decode()
        assert item.text is None
        assert item.content_digest == xxhash.xxh3_128_hexdigest(body(number))
        assert item.retrieved_at == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
        offset += len(part)


@pytest.mark.parametrize("codec", [".gz", ".zst"])
def test_places_the_records_of_one_member_in_the_decompressed_file(tmp_path: Path, codec: str) -> None:
    plain = b"".join(pages(4))
    items = read(tmp_path, pack([plain], codec)[0], f"a.warc{codec}")
    assert uris(items) == [uri(number) for number in range(4)]
    for number, item in enumerate(items):
        assert isinstance(item, Record)
        assert item.offset is not None and item.length is not None
        assert plain[item.offset : item.offset + item.length] == page(number)


def test_places_stay_unique_over_members_of_several_records(tmp_path: Path) -> None:
    halves = [b"".join(pages(3)), b"".join(pages(3))]
    items = read(tmp_path, b"".join(pack(halves, ".gz")), "a.warc.gz")
    assert len({item.offset for item in items if isinstance(item, Record)}) == 6


def test_the_bytes_say_how_a_file_is_compressed(tmp_path: Path) -> None:
    assert len(uris(read(tmp_path, b"".join(pages(2)), "plain.warc.gz"))) == 2
    assert len(uris(read(tmp_path, b"".join(pack(pages(2), ".gz")), "packed.warc"))) == 2


def test_reads_what_warcio_writes(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    writer = WARCWriter(buffer, gzip=True)
    buffer.write(b"")
    writer.write_record(writer.create_warcinfo_record("a.warc.gz", {"software": "test"}))
    for number in range(3):
        headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        payload = io.BytesIO(body(number))
        writer.write_record(writer.create_warc_record(uri(number), "response", payload, http_headers=headers))
        writer.write_record(writer.create_warc_record(uri(number), "request", io.BytesIO(b"GET / HTTP/1.1\r\n\r\n")))
    items = read(tmp_path, buffer.getvalue(), "a.warc.gz")
    assert uris(items) == [uri(number) for number in range(3)] and len(items) == 3


def test_reads_zstd_with_a_dictionary(tmp_path: Path) -> None:
    records = [warc(http(body(number) + b"filler %d" % number), uri(number)) for number in range(200)]
    dictionary = zstd_train_dictionary_from_samples(records, 4096)
    buffer = io.BytesIO()
    buffer.write(b"\x5d\x2a\x4d\x18" + len(dictionary).to_bytes(4, "little") + dictionary)
    compressor = zstandard.ZstdCompressor(dict_data=zstandard.ZstdCompressionDict(dictionary))
    buffer.write(b"".join(compressor.compress(record) for record in records))
    assert uris(read(tmp_path, buffer.getvalue(), "a.warc.zst")) == [uri(number) for number in range(200)]


def test_reads_zstd_as_fastwarc_writes_it(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    writer = ZstdWriter(buffer)
    writer.write(b"".join(pages(3)))
    writer.close()
    assert uris(read(tmp_path, buffer.getvalue(), "a.warc.zst")) == [uri(number) for number in range(3)]


def test_skips_other_statuses_and_content_types(tmp_path: Path) -> None:
    archive = b"".join(
        [
            warc(http(b"gone", status="404 Not Found")),
            warc(http(b"\x89PNG", content_type="image/png")),
            warc(http(b"\x1f\x8bbroken", "Content-Encoding: gzip", content_type="image/svg+xml")),
            warc(http(body(1), content_type="Text/HTML; Charset=UTF-8"), uri(1)),
            warc(http(body(2), content_type="application/xhtml+xml"), uri(2)),
            warc(http(b"  <!DOCTYPE html><p>untyped", content_type=None), uri(3)),
            warc(http(b"no markup", content_type=None), uri(4)),
        ]
    )
    items = read(tmp_path, archive, "a.warc")
    assert uris(items) == [uri(1), uri(2), uri(3)]
    assert skipped(items) == [
        ("read.status", "404"),
        ("read.content_type", "image/png"),
        ("read.content_type", "image/svg+xml"),
        ("read.content_type", "unknown"),
    ]
    assert not dead(items)


def test_settings_choose_statuses_and_content_types(tmp_path: Path) -> None:
    archive = warc(http(b"gone", status="404 Not Found", content_type="text/plain"))
    settings = ReadSettings(statuses=(404,), content_types=("text/plain",))
    record = only(read(tmp_path, archive, "a.warc", settings))
    assert (record.text, record.html) == ("gone", None)


def test_passes_over_records_that_hold_no_pages(tmp_path: Path) -> None:
    kinds = ("warcinfo", "request", "metadata", "revisit", "continuation")
    archive = b"".join(warc(http(b"x"), kind=kind) for kind in kinds) + page(1)
    assert uris(read(tmp_path, archive, "a.warc")) == [uri(1)]
    assert len(read(tmp_path, archive, "a.warc")) == 1


def test_reads_html_resources_and_skips_others(tmp_path: Path) -> None:
    archive = warc(body(1), uri(1), "resource", "text/html; charset=utf-8") + warc(
        b"{}", uri(2), "resource", "text/json"
    )
    items = read(tmp_path, archive, "a.warc")
    assert uris(items) == [uri(1)] and skipped(items) == [("read.content_type", "text/json")]


def test_reads_wet_as_text(tmp_path: Path) -> None:
    archive = warc("Grüße, 世界\n".encode(), uri(1), "conversion", "text/plain")
    record = only(read(tmp_path, gzip.compress(archive, mtime=0), "a.warc.wet.gz"))
    assert (record.text, record.html, record.uri) == ("Grüße, 世界\n", None, uri(1))


def test_takes_angle_brackets_off_the_uri(tmp_path: Path) -> None:
    assert uris(read(tmp_path, warc(http(b"x"), "<http://site.test/old>"), "a.warc")) == ["http://site.test/old"]


@pytest.mark.parametrize("date", ["yesterday", "2024-13-41T00:00:00Z", ""])
def test_an_invalid_date_is_null(tmp_path: Path, date: str) -> None:
    assert only(read(tmp_path, warc(http(b"x"), date=date), "a.warc")).retrieved_at is None


def test_dates_may_have_fractions(tmp_path: Path) -> None:
    record = only(read(tmp_path, warc(http(b"x"), date="2024-02-03T04:05:06.789Z"), "a.warc"))
    assert record.retrieved_at == datetime(2024, 2, 3, 4, 5, 6, 789000, tzinfo=UTC)


def test_notes_language_and_charset(tmp_path: Path) -> None:
    text = "<p>L'été dernier, les élèves français ont fêté la rentrée à côté du château de Blois.</p>"
    block = http(text.encode("latin-1"), "Content-Language: fr, en", content_type="text/html; charset=utf-8")
    record = only(read(tmp_path, warc(block), "a.warc"))
    assert record.html == text and record.declared_language == "fr"
    assert record.metadata == {"charset": "cp1252", "charset_source": "detected", "refused_charsets": "utf-8"}


CHUNKED = b"5\r\n<p>on\r\n4;name=value\r\ne </\r\n2\r\np>\r\n0\r\nTrailer: x\r\n\r\n"
PLAIN = b"<p>one </p>"


@pytest.mark.parametrize(
    ("headers", "encoded"),
    [
        (["Transfer-Encoding: chunked"], CHUNKED),
        (["Content-Encoding: gzip"], gzip.compress(PLAIN, mtime=0)),
        (["Content-Encoding: x-gzip"], gzip.compress(PLAIN, mtime=0)),
        (["Content-Encoding: deflate"], zlib.compress(PLAIN)),
        (["Content-Encoding: deflate"], zlib.compress(PLAIN)[2:-4]),
        (["Content-Encoding: br"], brotli.compress(PLAIN)),
        (["Content-Encoding: zstd"], zstandard.compress(PLAIN)),
        (["Content-Encoding: identity"], PLAIN),
        (["Content-Encoding: gzip, br"], brotli.compress(gzip.compress(PLAIN, mtime=0))),
        (
            ["Transfer-Encoding: chunked", "Content-Encoding: gzip"],
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(gzip.compress(PLAIN, mtime=0)), gzip.compress(PLAIN, mtime=0)),
        ),
        (["Transfer-Encoding: chunked"], PLAIN),
        (["Content-Encoding: gzip"], PLAIN),
        (["Content-Encoding: br"], PLAIN),
        (["Content-Encoding: deflate"], PLAIN),
        (["Content-Encoding: made-up"], PLAIN),
    ],
)
def test_undoes_the_encodings_of_http(tmp_path: Path, headers: list[str], encoded: bytes) -> None:
    record = only(read(tmp_path, warc(http(encoded, *headers)), "a.warc"))
    assert record.html == PLAIN.decode()
    assert record.content_digest == xxhash.xxh3_128_hexdigest(PLAIN)


def test_http_headers_may_end_in_bare_line_feeds(tmp_path: Path) -> None:
    block = b"HTTP/1.0 200 OK\nContent-Type: text/html\n\n<p>old server</p>"
    assert only(read(tmp_path, warc(block), "a.warc")).html == "<p>old server</p>"
