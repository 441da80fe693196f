"""`orchard validate` finds what is wrong with a token shard."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.validate import Passed, validate_path
from schemas.token_shard import token_schema


def token_shard(path, bits=16, **changes):
    row = {"doc_id": "ab" * 16, "source": "web", "collection": "docs", "length": 2, "tokens": [7, 9], "uri": None}
    pq.write_table(pa.Table.from_pylist([row, row | changes], schema=token_schema(bits, "00" * 16)), path)
    return list(validate_path(str(path)))


@pytest.mark.parametrize("bits", [16, 32])
def test_token_shards_are_checked(tmp_path, bits):
    assert isinstance(token_shard(tmp_path / "a.parquet", bits)[0], Passed)
    (wrong,) = token_shard(tmp_path / "a.parquet", bits, length=3)
    assert (wrong.row, wrong.column, wrong.value) == (1, "length", "3")
    assert "number of its tokens" in wrong.message
    (wrong,) = token_shard(tmp_path / "a.parquet", bits, source="wbe")
    assert (wrong.row, wrong.column) == (1, "source")


def test_token_shards_of_wide_ids_are_refused(tmp_path):
    schema = token_schema(16, "00" * 16)
    wide = schema.set(4, pa.field("tokens", pa.large_list(pa.int64()), nullable=False))
    pq.write_table(pa.table({name: [] for name in wide.names}, schema=wide), tmp_path / "a.parquet")
    (wrong,) = validate_path(str(tmp_path / "a.parquet"))
    assert wrong.column == "tokens"
    assert "uint16" in wrong.message
