"""JSON lines: real sets, sound fields, and every kind of bad line."""

import gzip
import json
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xxhash
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.read.files import find_inputs
from pipelines.read.read import read_records
from pipelines.read.record import Record
from schemas.document import DeadLetter
from schemas.recipe.read import Columns, ReadSettings
from tests.pipelines.read.archives import SMALL, dead, read
from tests.support.cut_off import CUT_AFTER

GOOD = [{"text": f"text {number}", "url": f"http://site.test/{number}"} for number in range(4)]


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def texts(items: list) -> list[str]:
    return [item.text for item in items if isinstance(item, Record)]


def test_reads_real_texts(shared_data: Path) -> None:
    path = shared_data / "quality/web_weak.jsonl.gz"
    with gzip.open(path) as file:
        expected = [json.loads(line)["text"] for line in file]
    items = [item for each in find_inputs([str(path)]) for item in read_records(each, ReadSettings())]
    assert texts(items) == [text for text in expected if text] and len(items) == len(expected) == 932


@pytest.mark.parametrize(
    ("suffix", "packer"),
    [
        ("", bytes),
        (".gz", gzip.compress),
        (".gz", lambda data: gzip.compress(data[:70], mtime=0) + gzip.compress(data[70:], mtime=0)),
        (".zst", zstandard.compress),
        (".zst", lambda data: zstandard.compress(data[:70]) + zstandard.compress(data[70:])),
    ],
)
def test_reads_every_compression(tmp_path: Path, suffix: str, packer) -> None:
    content = lines(*GOOD)
    items = read(tmp_path, packer(content), f"a.jsonl{suffix}")
    assert texts(items) == [row["text"] for row in GOOD]
    for item in items:
        assert isinstance(item, Record)
        assert item.offset is not None and item.length is not None
        assert json.loads(content[item.offset : item.offset + item.length])["url"] == item.uri
        assert (item.html, item.container) == (None, f"a.jsonl{suffix}")


def test_takes_what_the_columns_name(tmp_path: Path) -> None:
    row = {
        "raw_content": "a text\x00", "source_url": "http://site.test/", "title": "A title",
        "timestamp": "2024-05-06T07:08:09Z", "lang": "de", "licence": "CC-BY-4.0", "author": "An author", "other": [1],
    }  # fmt: skip
    (item,) = read(tmp_path, lines(row), "a.jsonl")
    assert item == Record(
        uri="http://site.test/", content_digest=xxhash.xxh3_128_hexdigest(b"a text"), container="a.jsonl", offset=0,
        length=len(lines(row)), text="a text", retrieved_at=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC),
        license="CC-BY-4.0", declared_language="de", metadata={"title": "A title", "author": "An author"},
    )  # fmt: skip


def test_the_first_column_with_a_value_counts(tmp_path: Path) -> None:
    columns = Columns(text=("body", "text"), uri=("id",))
    settings = ReadSettings(columns=columns)
    items = read(tmp_path, lines({"body": None, "text": "b", "id": 7}, {"body": "a", "text": "b"}), "a.jsonl", settings)
    assert texts(items) == ["b", "a"]
    assert [item.uri for item in items] == ["7", "a.jsonl#37"]


@pytest.mark.parametrize(
    ("line", "error_class"),
    [
        (b"{not json", "InvalidJson"),
        (b'{"text": "cut of', "InvalidJson"),
        (b"[" * 200_000, "InvalidJson"),
        (b'{"text": ' + b"1" * 5000 + b"}", "InvalidJson"),
        (b'["text"]', "WrongType"),
        (b'"text"', "WrongType"),
        (b'{"text": 5}', "WrongType"),
        (b'{"text": ["a"]}', "WrongType"),
        (b'{"url": "http://site.test/"}', "MissingText"),
        (b'{"text": null}', "MissingText"),
        (b'{"text": ""}', "MissingText"),
        (b'{"text": "\\u0000\\ud800"}', "MissingText"),
        (b'{"text": "\xff\xfe"}', "InvalidUtf8"),
        (b'{"text": "' + b"a" * (1 << 20) + b'b"}', "RecordTooLarge"),
        (b'{"text": "' + b"a" * (5 << 20) + b'"}', "RecordTooLarge"),
    ],
)
@pytest.mark.parametrize("last", [False, True])
def test_a_bad_line_is_a_dead_letter_and_the_rest_is_read(
    tmp_path: Path, line: bytes, error_class: str, last: bool
) -> None:
    after = b"" if last else b"\n\r\n" + lines(*GOOD[2:])
    items = read(tmp_path, lines(*GOOD[:2]) + line + after, "a.jsonl", SMALL)
    assert texts(items) == [row["text"] for row in (GOOD[:2] if last else GOOD)]
    (letter,) = (item for item in items if isinstance(item, DeadLetter))
    assert (letter.error_class, letter.provenance.offset) == (error_class, len(lines(*GOOD[:2])))
    assert letter.message.startswith("line 3: ")


def test_removes_lone_surrogates(tmp_path: Path) -> None:
    assert texts(read(tmp_path, b'{"text": "a\\ud83db \\ud83d\\ude00"}', "a.jsonl")) == ["ab 😀"]


@pytest.mark.parametrize("date", ["soon", "2024-99-01", "", 5, [], "0001-01-01T00:00:00+14:00"])
def test_an_invalid_date_is_null(tmp_path: Path, date: object) -> None:
    (item,) = read(tmp_path, lines({"text": "a", "date": date}), "a.jsonl")
    assert isinstance(item, Record) and item.retrieved_at is None


@pytest.mark.parametrize(("suffix", "packer"), [(".gz", gzip.compress), (".zst", zstandard.compress)])
def test_a_truncated_file_costs_its_end(tmp_path: Path, suffix: str, packer) -> None:
    rows = [{"text": f"text {number} {hash(str(number))}"} for number in range(20_000)]
    content = packer(lines(*rows))
    items = read(tmp_path, content[: len(content) * 3 // 4], f"a.jsonl{suffix}")
    found = texts(items)
    assert found == [row["text"] for row in rows[: len(found)]] and len(found) > 5_000
    assert dead(items) == ["TruncatedRecord"]


@pytest.mark.parametrize("suffix", CUT_AFTER)
def test_a_file_that_is_cut_off_right_after_a_line_is_not_taken_for_whole(tmp_path: Path, suffix: str) -> None:
    items = read(tmp_path, CUT_AFTER[suffix](lines(*GOOD)), f"a.jsonl{suffix}")
    assert texts(items) == [row["text"] for row in GOOD]
    assert dead(items) == ["TruncatedRecord"] and items[-1].message.startswith("line 5: the file ends inside the ")


def test_a_broken_member_costs_the_rest(tmp_path: Path) -> None:
    content = gzip.compress(lines(*GOOD[:2]), mtime=0) + gzip.compress(lines(*GOOD[2:]), mtime=0)[:30] + b"\xff" * 60
    items = read(tmp_path, content, "a.jsonl.gz")
    assert texts(items)[:2] == ["text 0", "text 1"] and len(dead(items)) == 1


def test_a_huge_line_is_not_held(tmp_path: Path) -> None:
    content = gzip.compress(b'{"text": "' + b"a" * (64 << 20) + b'"}\n' + lines(GOOD[0]), mtime=0)
    tracemalloc.start()
    items = read(tmp_path, content, "a.jsonl.gz", ReadSettings(max_record_bytes=1 << 20, max_decompression_ratio=2000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert texts(items) == ["text 0"] and dead(items) == ["RecordTooLarge"]
    assert peak < 24 << 20


@settings(max_examples=150)
@given(
    rows=st.lists(
        st.dictionaries(st.sampled_from(["text", "url", "date", "title"]), st.none() | st.text() | st.integers())
    ),
    noise=st.binary(max_size=40),
)
def test_every_line_is_a_record_or_a_dead_letter(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict], noise: bytes
) -> None:
    content = lines(*rows, {"text": "last"}) + noise
    items = read(tmp_path_factory.mktemp("lines"), content or b"\n", "a.jsonl")
    assert len(items) == len([line for line in content.split(b"\n") if line.strip()])
    good = [row["text"].replace("\0", "") for row in rows if isinstance(row.get("text"), str)]
    assert texts(items)[: len([text for text in good if text]) + 1] == [*filter(None, good), "last"]
