from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.engine.parquet import ShardWriter, blocks, leaf_columns, row_groups
from schemas.write import WriteSettings

SCHEMA = pa.schema([pa.field("text", pa.large_string()), pa.field("signals", pa.struct([pa.field("n", pa.int32())]))])


def batch(*texts: str) -> pa.RecordBatch:
    signals = pa.array([{"n": len(text)} for text in texts], SCHEMA.field("signals").type)
    return pa.RecordBatch.from_arrays([pa.array(texts, pa.large_string()), signals], schema=SCHEMA)


def test_small_batches_share_a_row_group_and_large_ones_do_not(tmp_path: Path):
    uri = str(tmp_path / "a.parquet")
    with ShardWriter(uri, "kept/a.parquet", SCHEMA, WriteSettings(row_group_mb=1)) as writer:
        for _ in range(10):
            writer.write(batch("x" * 300_000))
    parquet = pq.ParquetFile(uri)
    assert parquet.metadata.num_rows == 10
    assert [parquet.metadata.row_group(i).num_rows for i in range(parquet.num_row_groups)] == [4, 4, 2]
    assert writer.output is not None
    assert (writer.output.path, writer.output.rows) == ("kept/a.parquet", 10)
    assert parquet.metadata.row_group(0).column(0).compression == "ZSTD"


def test_an_exception_leaves_no_file(tmp_path: Path):
    with (
        pytest.raises(ZeroDivisionError),
        ShardWriter(str(tmp_path / "a.parquet"), "a", SCHEMA, WriteSettings()) as writer,
    ):
        writer.write(batch("x"))
        _ = 1 / 0
    assert list(tmp_path.iterdir()) == []


def test_the_same_rows_give_the_same_bytes(tmp_path: Path):
    for name in ("a", "b"):
        with ShardWriter(str(tmp_path / name), name, SCHEMA, WriteSettings()) as writer:
            writer.write(batch("one", "two"))
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_row_groups_come_back_one_by_one(tmp_path: Path):
    uri = str(tmp_path / "a.parquet")
    with ShardWriter(uri, "a", SCHEMA, WriteSettings()) as writer:
        writer.write(batch("one"))
        writer.end_row_group()
        writer.write(batch("two", "three"))
    assert [group.column("text").to_pylist() for group in row_groups(uri)] == [["one"], ["two", "three"]]


@given(st.lists(st.one_of(st.none(), st.text(max_size=30)), max_size=40), st.integers(1, 60))
def test_blocks_are_bounded_and_lose_no_row(texts, most):
    whole = pa.RecordBatch.from_arrays([pa.array(texts, pa.large_string())], names=["text"])
    parts = list(blocks(whole, "text", most))
    assert [text for part in parts for text in part.column(0).to_pylist()] == texts
    for part in parts:
        size = sum(len((text or "").encode()) for text in part.column(0).to_pylist())
        assert size <= most or part.num_rows == 1


def test_leaf_columns_are_named_as_parquet_names_them(tmp_path: Path):
    schema = pa.schema(
        [
            pa.field("a", pa.struct([pa.field("b", pa.int8())])),
            pa.field("m", pa.map_(pa.string(), pa.string())),
            pa.field("l", pa.list_(pa.int8())),
        ]
    )
    pq.write_table(schema.empty_table(), tmp_path / "x.parquet")
    parquet = pq.ParquetFile(tmp_path / "x.parquet").schema
    assert leaf_columns(schema) == [parquet.column(i).path for i in range(len(parquet))]
