"""Parquet: Orchard's own documents, files of other makers, damaged ones."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xxhash

from pipelines.read.files import InputError, find_inputs
from pipelines.read.read import check_inputs, read_records
from pipelines.read.record import Record
from schemas.document import DeadLetter, Provenance
from schemas.recipe.read import Columns, ReadSettings
from tests.pipelines.read.archives import dead


def write(path: Path, table: pa.Table, **options: object) -> Path:
    pq.write_table(table, path, **options)
    return path


def read(path: Path, settings: ReadSettings | None = None) -> list:
    return [item for file in find_inputs([str(path)]) for item in read_records(file, settings or ReadSettings())]


def documents(count: int) -> pa.Table:
    return pa.table(
        {
            "text": pa.array([f"text {number}" for number in range(count)], pa.large_string()),
            "uri": [f"http://site.test/{number}" for number in range(count)],
            "retrieved_at": pa.array([datetime(2024, 1, 1, tzinfo=UTC)] * count, pa.timestamp("us", tz="UTC")),
        }
    )


def test_passes_the_fields_of_orchards_own_documents_through(tmp_path: Path) -> None:
    provenance = Provenance(container="a.warc.gz", offset=17, length=400, digest="00" * 16)
    when = datetime(2024, 2, 3, 4, 5, 6, 789, tzinfo=UTC)
    table = pa.table({
        "doc_id": ["11" * 16], "text": pa.array(["a text"], pa.large_string()), "uri": ["http://site.test/"],
        "source": ["web"], "collection": ["demo"], "retrieved_at": pa.array([when], pa.timestamp("us", tz="UTC")),
        "title": ["A title"], "author": ["An author"], "date": ["2024-02-01"], "language": ["en"],
        "declared_language": ["en-GB"], "canonical_url": ["http://site.test/canonical"], "license": ["CC0-1.0"],
        "provenance": [provenance.model_dump()], "signals": [{"gopher": {"word_count": 2.0}}],
    })  # fmt: skip
    (item,) = read(write(tmp_path / "a.parquet", table))
    assert item == Record(
        uri="http://site.test/", content_digest="00" * 16, container="a.warc.gz", offset=17, length=400, text="a text",
        retrieved_at=when, license="CC0-1.0", declared_language="en-GB",
        metadata={
            "title": "A title", "author": "An author", "date": "2024-02-01",
            "canonical_url": "http://site.test/canonical",
        },
    )  # fmt: skip


def test_reads_files_of_other_makers(tmp_path: Path) -> None:
    table = pa.table({
        "content": pa.array(["one", "two"]).dictionary_encode(), "url": ["http://site.test/1", None],
        "timestamp": pa.array([datetime(2024, 1, 1), None], pa.timestamp("ms")), "embedding": [[1.0], [2.0]],
    })  # fmt: skip
    first, second = read(write(tmp_path / "a.parquet", table))
    assert (first.text, first.uri, first.retrieved_at) == (
        "one",
        "http://site.test/1",
        datetime(2024, 1, 1, tzinfo=UTC),
    )
    assert (second.text, second.uri, second.retrieved_at) == ("two", "a.parquet#1", None)
    assert (second.container, second.offset, second.length) == ("a.parquet", 1, None)
    assert second.content_digest == xxhash.xxh3_128_hexdigest(b"two")


def test_streams_row_groups_in_order(tmp_path: Path) -> None:
    items = read(write(tmp_path / "a.parquet", documents(1000), row_group_size=64))
    assert [item.text for item in items] == [f"text {number}" for number in range(1000)]
    assert [item.offset for item in items] == list(range(1000))


def test_memory_stays_within_a_few_batches(tmp_path: Path) -> None:
    table = pa.table({"text": pa.array([f"{number} " + "lorem ipsum " * 4000 for number in range(3000)])})
    path = write(tmp_path / "a.parquet", table, use_dictionary=False)
    assert table.nbytes > 128 << 20
    del table
    before = pa.total_allocated_bytes()
    (file,) = find_inputs([str(path)])
    peak = max(pa.total_allocated_bytes() - before for _ in read_records(file, ReadSettings()))
    assert 0 < peak < 64 << 20


def test_bad_rows_are_dead_letters(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", pa.table({"text": ["good", None, "", "x" * 2000, "fine"]}))
    items = read(path, ReadSettings(max_record_bytes=1024))
    assert [item.text for item in items if isinstance(item, Record)] == ["good", "fine"]
    assert dead(items) == ["MissingText", "MissingText", "RecordTooLarge"]
    assert [item.provenance.offset for item in items if isinstance(item, DeadLetter)] == [1, 2, 3]


def test_a_text_column_of_another_type_makes_dead_letters(tmp_path: Path) -> None:
    assert dead(read(write(tmp_path / "a.parquet", pa.table({"text": [1, 2]})))) == ["WrongType"] * 2


def test_a_file_without_text_is_refused_before_work_starts(tmp_path: Path) -> None:
    path = write(tmp_path / "a.parquet", pa.table({"body": ["a"], "id": [1]}))
    with pytest.raises(InputError, match=r"body, id.*read\.columns\.text"):
        check_inputs(find_inputs([str(path)]), ReadSettings())
    settings = ReadSettings(columns=Columns(text=("body",)))
    check_inputs(find_inputs([str(path)]), settings)
    assert [item.text for item in read(path, settings)] == ["a"]


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_truncated_file_is_a_dead_letter(tmp_path: Path, kept: float) -> None:
    path = write(tmp_path / "a.parquet", documents(100))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * kept)] or b"not Parquet")
    check_inputs(find_inputs([str(path)]), ReadSettings())
    assert dead(read(path)) == ["BrokenParquet"]


@pytest.mark.parametrize("compression", ["zstd", "snappy"])
def test_a_damaged_row_group_costs_itself_only(tmp_path: Path, compression: str) -> None:
    path = write(
        tmp_path / "a.parquet", documents(300), row_group_size=100, compression=compression, use_dictionary=False
    )
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    content = bytearray(path.read_bytes())
    start = column.data_page_offset
    content[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(content)
    items = read(path)
    assert [item.offset for item in items if isinstance(item, Record)] == [*range(100), *range(200, 300)]
    assert dead(items) == ["BrokenParquet"]
    (letter,) = (item for item in items if isinstance(item, DeadLetter))
    assert "rows 100 to 199" in letter.message


def test_errors_of_the_store_are_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "a.parquet", documents(10))

    def fail(*_: object, **__: object) -> None:
        raise ConnectionResetError("the store hung up")

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", fail)
    with pytest.raises(ConnectionResetError):
        read(path)
