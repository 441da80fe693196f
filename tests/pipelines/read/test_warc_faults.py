"""Broken WARC files: what is broken becomes a dead letter with its class, and everything else is read."""

import gzip
import random
import tracemalloc
import zlib
from pathlib import Path

import brotli
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read.record import Record
from schemas.document import DeadLetter
from schemas.recipe.read import ReadSettings
from tests.pipelines.read.archives import body, dead, http, pack, page, pages, read, uri, uris, warc

CODECS = ("", ".gz", ".zst")
COMPRESSED = (".gz", ".zst")


def expect(folder: Path, content: bytes, name: str, numbers: list[int], classes: list[str]) -> None:
    """The file holds exactly these pages and dead letters."""
    items = read(folder, content, name)
    assert uris(items) == [uri(number) for number in numbers]
    assert dead(items) == classes
    assert len(items) == len(numbers) + len(classes)
    for item in items:
        if isinstance(item, Record):
            assert item.html == body(int(item.uri.rsplit("/", 1)[1])).decode()


@pytest.mark.parametrize("codec", CODECS)
def test_a_truncated_last_record(tmp_path: Path, codec: str) -> None:
    packed = pack(pages(4), codec)
    for missing in (len(packed[-1]) // 2, len(packed[-1]) - 30, 30):
        expect(tmp_path, b"".join(packed)[:-missing], f"a.warc{codec}", [0, 1, 2], ["TruncatedRecord"])


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_member_broken_in_the_middle(tmp_path: Path, codec: str) -> None:
    packed = pack(pages(5), codec)
    broken = bytearray(packed[2])
    broken[len(broken) // 2 : len(broken) // 2 + 20] = b"\xff" * 20
    packed[2] = bytes(broken)
    expect(tmp_path, b"".join(packed), f"a.warc{codec}", [0, 1, 3, 4], ["BrokenCompression"])


def test_a_wrong_checksum(tmp_path: Path) -> None:
    packed = pack(pages(3), ".gz")
    packed[1] = packed[1][:-8] + b"\0\0\0\0" + packed[1][-4:]
    expect(tmp_path, b"".join(packed), "a.warc.gz", [0, 2], ["BrokenCompression"])


@pytest.mark.parametrize("codec", CODECS)
def test_a_hole_in_the_middle(tmp_path: Path, codec: str) -> None:
    packed = pack(pages(5), codec)
    packed[2] = packed[2][:60]
    items = read(tmp_path, b"".join(packed), f"a.warc{codec}")
    assert uris(items) == [uri(number) for number in (0, 1, 3, 4)]
    assert len(dead(items)) == 1


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("garbage", [b"garbage " * 50, b"\0" * 4096, b"\x1f\x8b\x08 \x28\xb5\x2f\xfd WARC/1.0 WARC/"])
def test_garbage_between_records(tmp_path: Path, codec: str, garbage: bytes) -> None:
    packed = pack(pages(4), codec)
    content = b"".join([*packed[:2], garbage, *packed[2:]])
    items = read(tmp_path, content, f"a.warc{codec}")
    assert uris(items) == [uri(number) for number in range(4)]
    assert dead(items) in (["UnknownBytes"], ["BrokenCompression"])


@pytest.mark.parametrize("codec", CODECS)
def test_a_record_that_claims_ten_gigabytes(tmp_path: Path, codec: str) -> None:
    packed = pack([page(0), warc(http(body(9)), uri(9), length=10**10), page(2), page(3)], codec)
    tracemalloc.start()
    expect(tmp_path, b"".join(packed), f"a.warc{codec}", [0, 2, 3], ["RecordTooLarge"])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 16 << 20


def test_a_record_that_claims_ten_gigabytes_inside_one_member(tmp_path: Path) -> None:
    content = gzip.compress(b"".join([page(0), warc(http(body(9)), uri(9), length=10**10), page(2), page(3)]), mtime=0)
    expect(tmp_path, content, "a.warc.gz", [0, 2, 3], ["RecordTooLarge"])


def test_a_dead_letter_names_page_and_place(tmp_path: Path) -> None:
    packed = pack([page(0), warc(http(b"x"), uri(9), length=10**10), page(2)], ".gz")
    letter = read(tmp_path, b"".join(packed), "a.warc.gz")[1]
    assert isinstance(letter, DeadLetter)
    assert (letter.uri, letter.stage, letter.provenance.container) == (uri(9), "read", "a.warc.gz")
    assert letter.provenance.offset == len(packed[0])
    assert "10000000000" in letter.message


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("difference", [-300, -50, -7, 7, 50, 900])
def test_a_wrong_length(tmp_path: Path, codec: str, difference: int) -> None:
    block = http(body(9))
    wrong = warc(block, uri(9), length=len(block) + difference)
    packed = pack([page(0), wrong, page(2), page(3)], codec)
    items = read(tmp_path, b"".join(packed), f"a.warc{codec}")
    assert uris(items) == [uri(number) for number in (0, 2, 3)]
    assert len(dead(items)) == 1 and dead(items)[0] in ("WrongLength", "TruncatedRecord")


@pytest.mark.parametrize("codec", CODECS)
@pytest.mark.parametrize("length", ["", "-5", "many", "9" * 30])
def test_an_impossible_length(tmp_path: Path, codec: str, length: str) -> None:
    packed = pack([page(0), warc(http(body(9)), uri(9), length=length), page(2)], codec)
    expect(tmp_path, b"".join(packed), f"a.warc{codec}", [0, 2], ["InvalidHeader"])


def test_a_header_without_end(tmp_path: Path) -> None:
    endless = b"WARC/1.0\r\nX-Filler: " + b"a" * (200 << 10)
    expect(tmp_path, page(0) + endless + page(1), "a.warc", [0, 1], ["InvalidHeader"])


def test_a_missing_uri(tmp_path: Path) -> None:
    expect(tmp_path, page(0) + warc(http(b"x"), uri=None) + page(1), "a.warc", [0, 1], ["MissingUri"])


@pytest.mark.parametrize("block", [b"", b"<p>no header</p>", b"HTTP/1.1 OK\r\n\r\nx", b"\xff\xfe\x00\r\n\r\n"])
def test_an_http_message_without_header(tmp_path: Path, block: bytes) -> None:
    expect(tmp_path, page(0) + warc(block, uri(9)) + page(1), "a.warc", [0, 1], ["InvalidHttpHeader"])


@pytest.mark.parametrize(
    ("header", "encoded"),
    [
        ("Content-Encoding: gzip", gzip.compress(body(9), mtime=0)[:-12]),
        ("Content-Encoding: gzip", gzip.compress(body(9), mtime=0)[:30] + b"\xff" * 40),
        ("Content-Encoding: deflate", zlib.compress(body(9))[:-9]),
        ("Content-Encoding: br", brotli.compress(body(9))[:-9]),
        ("Content-Encoding: zstd", zstandard.compress(body(9))[:-9]),
        ("Transfer-Encoding: chunked", b"5\r\n<p>on\r\nff\r\ncut off"),
        ("Transfer-Encoding: chunked", b"5\r\n<p>on\r\nno size"),
    ],
)
def test_a_broken_body(tmp_path: Path, header: str, encoded: bytes) -> None:
    expect(tmp_path, page(0) + warc(http(encoded, header), uri(9)) + page(1), "a.warc", [0, 1], ["BrokenBody"])


def test_an_unknown_encoding(tmp_path: Path) -> None:
    strange = warc(http(b"\x01\x02", "Content-Encoding: dcb"), uri(9))
    expect(tmp_path, page(0) + strange + page(1), "a.warc", [0, 1], ["UnknownEncoding"])


@pytest.mark.parametrize(
    ("encoding", "bomb", "expected"),
    [
        ("gzip", gzip.compress(bytes(64 << 20), mtime=0), "DecompressionBomb"),
        ("deflate", zlib.compress(bytes(64 << 20)), "DecompressionBomb"),
        ("br", brotli.compress(bytes(64 << 20), quality=1), "DecompressionBomb"),
        ("zstd", zstandard.compress(bytes(64 << 20)), "DecompressionBomb"),
        ("gzip", gzip.compress(b"".join(body(i) for i in range(9000)), mtime=0), "RecordTooLarge"),
    ],
)
def test_a_bomb_in_the_body(tmp_path: Path, encoding: str, bomb: bytes, expected: str) -> None:
    archive = page(0) + warc(http(bomb, f"Content-Encoding: {encoding}"), uri(9)) + page(1)
    tracemalloc.start()
    items = read(tmp_path, archive, "a.warc")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert uris(items) == [uri(0), uri(1)]
    assert dead(items)[0] in (expected, "RecordTooLarge") and len(items) == 3
    assert peak < 16 << 20


@pytest.mark.parametrize("codec", COMPRESSED)
def test_a_bomb_as_member(tmp_path: Path, codec: str) -> None:
    bomb = warc(http(bytes(100 << 20)), uri(9))
    packed = pack([page(0), bomb, page(1)], codec)
    limits = ReadSettings(max_record_bytes=1 << 20, max_decompression_ratio=100)
    items = read(tmp_path, b"".join(packed), f"a.warc{codec}", limits)
    assert uris(items) == [uri(0), uri(1)]
    assert dead(items) == ["RecordTooLarge" if codec == ".gz" else "DecompressionBomb"]


def test_a_page_over_the_bound(tmp_path: Path) -> None:
    filler = bytes(random.Random(0).choices(b"abcdefgh <>\n", k=1 << 20))
    huge = warc(http(b"<p>" + filler * 65), uri(9))
    archive = b"".join([page(0), huge, page(1)])
    items = read(tmp_path, archive, "a.warc", ReadSettings())
    assert uris(items) == [uri(0), uri(1)] and dead(items) == ["RecordTooLarge"]


def test_a_break_inside_one_member_of_many_records(tmp_path: Path) -> None:
    archive = bytearray(
        gzip.compress(b"".join(warc(http(random.Random(n).randbytes(4000)), uri(n)) for n in range(50)), mtime=0)
    )
    archive[len(archive) // 2] ^= 0xFF
    items = read(tmp_path, bytes(archive), "a.warc.gz")
    found = uris(items)
    assert 15 < len(found) < 50
    assert found == [uri(number) for number in range(len(found))]
    assert dead(items)[0] in ("BrokenCompression", "WrongLength", "InvalidHeader", "UnknownBytes")


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_a_file_that_is_something_else(tmp_path: Path, name: str) -> None:
    assert dead(read(tmp_path, b"<html>503 Service Unavailable</html>", name)) == ["UnknownBytes"]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.parquet", "a.jsonl"])
def test_an_empty_file_among_others(tmp_path: Path, name: str) -> None:
    from pipelines.read.files import find_inputs
    from pipelines.read.read import read_records

    (tmp_path / name).write_bytes(b"")
    (tmp_path / "other.warc").write_bytes(page(1))
    items = [item for file in find_inputs([f"{tmp_path}/*"]) for item in read_records(file, ReadSettings())]
    assert dead(items) == ["EmptyFile"] and uris(items) == [uri(1)]


PACKED = {codec: pack([warc(http(b"info"), kind="warcinfo"), *pages(6)], codec) for codec in CODECS}
"""A record that is no page, then six pages."""


def intact(damaged: set[int]) -> list[str]:
    return [uri(number - 1) for number in range(1, 7) if number not in damaged]


def test_cutting_anywhere_costs_the_cut_record_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("cut")

    @settings(max_examples=150)
    @given(codec=st.sampled_from(CODECS), data=st.data())
    def check(codec: str, data: st.DataObject) -> None:
        packed = PACKED[codec]
        ends = [sum(map(len, packed[: number + 1])) for number in range(len(packed))]
        cut = data.draw(st.integers(1, ends[-1]))
        whole = [number for number, end in enumerate(ends) if end - (4 if codec == "" else 0) <= cut]
        items = read(folder, b"".join(packed)[:cut], f"a.warc{codec}")
        assert uris(items) == [uri(number - 1) for number in whole if number]
        on_boundary = any(end - (4 if codec == "" else 0) <= cut <= end for end in ends)
        assert len(dead(items)) == (0 if on_boundary else 1)

    check()


def test_flipping_bytes_costs_the_damaged_records_only(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("flip")

    @settings(max_examples=300)
    @given(codec=st.sampled_from(COMPRESSED), data=st.data())
    def check(codec: str, data: st.DataObject) -> None:
        packed = PACKED[codec]
        content = bytearray(b"".join(packed))
        flips = data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(1, 255)), max_size=4))
        damaged = set()
        for position, mask in flips:
            content[position] ^= mask
            damaged.add(next(n for n in range(7) if position < sum(map(len, packed[: n + 1]))))
        items = read(folder, bytes(content), f"a.warc{codec}")
        found = uris(items)
        assert [each for each in found if each in intact(damaged)] == intact(damaged)
        lost = [number for number in damaged if number and uri(number - 1) not in found]
        assert len(found) == len(set(found)) and (not lost or dead(items))
        for item in items:
            if isinstance(item, Record):
                assert item.html == body(int(item.uri.rsplit("/", 1)[1])).decode()

    check()


def test_flipping_bytes_of_a_plain_file_never_raises(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("plain")

    @settings(max_examples=200)
    @given(data=st.data())
    def check(data: st.DataObject) -> None:
        content = bytearray(b"".join(PACKED[""]))
        position = data.draw(st.integers(0, len(content) - 1))
        content[position] ^= data.draw(st.integers(1, 255))
        damaged = next(n for n in range(7) if position < sum(map(len, PACKED[""][: n + 1])))
        found = [item.html for item in read(folder, bytes(content), "a.warc") if isinstance(item, Record)]
        sound = [body(number - 1).decode() for number in range(1, 7) if number != damaged]
        assert [each for each in found if each in sound] == sound

    check()


@settings(max_examples=200)
@given(content=st.binary(max_size=3000), name=st.sampled_from(["a.warc", "a.warc.gz", "a.warc.zst", "a.jsonl.gz"]))
def test_noise_never_raises(tmp_path_factory: pytest.TempPathFactory, content: bytes, name: str) -> None:
    if content.strip(b"\r\n"):
        assert dead(read(tmp_path_factory.mktemp("noise"), content, name))
