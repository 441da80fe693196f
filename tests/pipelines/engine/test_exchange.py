from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.engine import exchange
from pipelines.engine.exchange import ExchangeWriter, read_bucket, read_table
from pipelines.engine.outputs.layout import Layout

SCHEMA = pa.schema([pa.field("number", pa.uint64(), nullable=False), pa.field("text", pa.string())])


def rows(numbers: list[int]) -> pa.RecordBatch:
    values = pa.array(numbers, pa.uint64())
    return pa.RecordBatch.from_arrays([values, pa.array([f"row {number}" for number in numbers])], schema=SCHEMA)


def write(layout: Layout, shard: str, batches: list[list[int]], buckets: int) -> ExchangeWriter:
    with ExchangeWriter(layout, "stages/meet", shard, SCHEMA, buckets) as writer:
        for numbers in batches:
            writer.write(rows(numbers), np.array(numbers, np.uint64))
    return writer


numbers = st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=8), max_size=5)


@settings(max_examples=40)
@given(
    shards=st.lists(numbers, min_size=1, max_size=3), buckets=st.integers(1, 7), flush=st.sampled_from([1, 100, 10**6])
)
def test_every_row_comes_back_once_in_its_bucket(tmp_path_factory, shards, buckets, flush):
    layout = Layout(str(tmp_path_factory.mktemp("exchange")))
    names = [f"shard-{position}" for position in range(len(shards))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exchange, "FLUSH_BYTES", flush)
        for name, batches in zip(names, shards, strict=True):
            writer = write(layout, name, batches, buckets)
            assert writer.output is not None
            assert writer.output.rows == sum(map(len, batches))
    for bucket in range(buckets):
        table = read_table(layout, "stages/meet", names, bucket, SCHEMA)
        expected = [n for batches in shards for batch in batches for n in batch if n % buckets == bucket]
        assert table.column("number").to_pylist() == expected
        assert table.column("text").to_pylist() == [f"row {number}" for number in expected]


def test_the_same_rows_give_the_same_bytes_and_a_failure_leaves_nothing(tmp_path: Path):
    first = write(Layout(str(tmp_path / "a")), "s", [[1, 2, 3], [4]], 2).output
    assert first == write(Layout(str(tmp_path / "b")), "s", [[1, 2, 3], [4]], 2).output
    layout = Layout(str(tmp_path / "c"))
    with pytest.raises(RuntimeError), ExchangeWriter(layout, "stages/meet", "s", SCHEMA, 2) as writer:
        writer.write(rows([1]), np.array([1], np.uint64))
        raise RuntimeError
    assert not [path for path in tmp_path.glob("c/**/*") if path.is_file()]


def test_it_works_on_an_object_store():
    layout = Layout("memory://exchange/out")
    write(layout, "s", [[1, 2, 3, 4]], 2)
    (batch,) = read_bucket(layout, "stages/meet", ["s"], 1)
    assert batch.column("number").to_pylist() == [1, 3]


def test_an_empty_shard_has_empty_buckets(tmp_path: Path):
    layout = Layout(str(tmp_path))
    write(layout, "s", [], 3)
    assert not list(read_bucket(layout, "stages/meet", ["s"], 2))
    assert read_table(layout, "stages/meet", ["s"], 2, SCHEMA).num_rows == 0
