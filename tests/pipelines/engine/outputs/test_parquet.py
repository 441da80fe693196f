from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.engine.outputs.parquet import ShardWriter, blocks, row_groups
from schemas.recipe.write import WriteSettings

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


def test_duckdb_filters_and_sorts_by_what_lies_in_structs(tmp_path: Path):
    """DuckDB 2.0.0 breaks off at this query if ``rule`` is dictionary-encoded."""
    schema = pa.schema([pa.field("uri", pa.string()), pa.field("verdict", pa.struct([pa.field("rule", pa.string())]))])
    rows = [{"uri": str(n), "verdict": {"rule": f"gopher.rule{n % 3}"}} for n in range(5000)]
    with ShardWriter(str(tmp_path / "a.parquet"), "a", schema, WriteSettings()) as writer:
        writer.write(pa.RecordBatch.from_pylist(rows, schema=schema))
    query = f"select uri from '{tmp_path}/a.parquet' where verdict.rule = 'gopher.rule1' order by uri desc limit 2"
    assert duckdb.sql(query).fetchall() == [("997",), ("994",)]
    columns = pq.ParquetFile(tmp_path / "a.parquet").metadata.row_group(0)
    assert "RLE_DICTIONARY" not in columns.column(1).encodings
