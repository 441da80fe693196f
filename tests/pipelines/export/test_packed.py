"""Packed sequences in every format: what the trainer's library reads back are the same ids in the same order."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
import xxhash

from filters.packing.labels import next_tokens
from filters.packing.positions import position_ids, segment_ids
from pipelines.export.formats import arrayrecord
from tests.pipelines.export.libraries import (
    read_array_records,
    read_mds,
    read_megatron,
    table_rows,
    write_mds,
    write_megatron,
)
from tests.support.packed import facts_of, pack, random_documents, write_shards

GOLDEN = json.loads((Path(__file__).parents[2] / "golden" / "exports.json").read_text())
"""Digests of the files that the libraries themselves wrote for these sequences."""
VOCABULARIES = {"uint16": 65_536, "uint32": 100_000}


@pytest.fixture(scope="module", params=VOCABULARIES)
def ids(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def table(ids) -> pa.RecordBatch:
    vocab_size = VOCABULARIES[ids]
    found = pack(random_documents(100, vocab_size), facts_of(vocab_size), teacher=ids == "uint32")
    assert max(map(max, table_rows(found))) == vocab_size - 1
    return found


def digest(path: Path) -> str:
    return xxhash.xxh3_128_hexdigest(path.read_bytes())


def test_array_records_hold_what_a_trainer_feeds(export, table, monkeypatch, tmp_path):
    monkeypatch.setattr(arrayrecord, "BLOCK_TOKENS", 3 * 64)  # a row group of five is two blocks
    export("arrayrecord", write_shards(table, tmp_path / "in", 3), tmp_path / "out")
    paths = sorted(map(str, (tmp_path / "out" / "data").glob("*.array_record")))
    records = list(read_array_records(paths))
    assert [record["input_ids"].tolist() for record in records] == table_rows(table)
    assert [record["index"].tolist() for record in records] == [[row] for row in range(table.num_rows)]
    segments = segment_ids(table, 64)
    for name, expected in (
        ("target_labels", next_tokens(np.array(table_rows(table)), segments)),
        ("input_segment_ids", segments),
        ("input_positions", position_ids(table, 64)),
    ):
        assert (np.stack([record[name] for record in records]) == expected).all(), name
        assert records[0][name].dtype == np.int32
    if "teacher_token" in table.schema.names:
        for name in ("teacher_token", "teacher_weight"):
            expected = table.column(name).to_pylist()
            assert [record[name].tolist() for record in records] == expected, name
    else:
        assert "teacher_token" not in records[0]


def test_megatron_files_are_those_of_its_own_writer(export, table, ids, tmp_path):
    export("megatron", write_shards(table, tmp_path / "in", 1), tmp_path / "out")
    for ending in (".bin", ".idx"):
        assert digest(tmp_path / "out" / "data" / f"00000{ending}") == GOLDEN[f"megatron.{ids}{ending}"], ending


def test_megatron_reads_the_sequences(export, table, ids, tmp_path):
    export("megatron", write_shards(table, tmp_path / "in", 3), tmp_path / "out")
    prefixes = [str(tmp_path / "out" / "data" / f"{shard:05d}") for shard in range(3)]
    assert [sequence.tolist() for sequence in read_megatron(prefixes)] == table_rows(table)
    own = str(tmp_path / "own")
    rows = [np.array(row) for row in table_rows(table)]
    write_megatron(rows, np.uint16 if ids == "uint16" else np.int32, own)
    for ending in (".bin", ".idx"):
        assert digest(Path(own + ending)) == GOLDEN[f"megatron.{ids}{ending}"], "put it into tests/golden/exports.json"


def test_mds_files_are_those_of_its_own_writer(export, table, ids, tmp_path):
    export("mds", write_shards(table, tmp_path / "in", 1), tmp_path / "out")
    path = tmp_path / "out" / "data" / "00000.00000.mds"
    assert digest(path) == GOLDEN[f"mds.{ids}"]
    (shard,) = json.loads((tmp_path / "out" / "index.json").read_text())["shards"]
    assert shard["raw_data"] == {
        "basename": "data/00000.00000.mds", "bytes": path.stat().st_size,
        "hashes": {"xxh3_64": xxhash.xxh3_64_hexdigest(path.read_bytes())},
    }  # fmt: skip
    assert shard["samples"] == table.num_rows


def test_mds_is_read_by_its_library(export, table, ids, tmp_path):
    export("mds", write_shards(table, tmp_path / "in", 3), tmp_path / "out")
    samples = list(read_mds(tmp_path / "out"))
    assert [sample["tokens"].tolist() for sample in samples] == table_rows(table)
    assert samples[0]["tokens"].dtype == ids
    lengths = [[segment["length"] for segment in row] for row in table.column("segments").to_pylist()]
    assert [sample["segment_lengths"].tolist() for sample in samples] == lengths
    assert [sample["index"] for sample in samples] == list(range(table.num_rows))
    columns = {"index": "int", "tokens": f"ndarray:{ids}:64", "segment_lengths": "ndarray:int32"}
    if ids == "uint32":
        columns |= {"teacher_token": "ndarray:uint32:64", "teacher_weight": "ndarray:float32:64"}
        assert [sample["teacher_weight"].tolist() for sample in samples] == table.column("teacher_weight").to_pylist()
    content = write_mds(samples, columns, tmp_path / "own")
    assert xxhash.xxh3_128_hexdigest(content) == GOLDEN[f"mds.{ids}"], "put it into tests/golden/exports.json"


@pytest.mark.parametrize("name", ["arrayrecord", "mds", "megatron"])
def test_the_account_of_an_export_adds_up(export, table, name, tmp_path):
    manifest = export(name, write_shards(table, tmp_path / "in", 3), tmp_path / "out")
    sources = {"code": 0, "web": 0}
    for row in table.column("segments").to_pylist():
        for segment in row:
            sources[segment["source"]] += segment["length"]
    found = {finding.name: finding.count for finding in manifest.findings}
    assert found == {f"export.tokens.source.{source}": count for source, count in sources.items()}
    assert manifest.counts.input == manifest.counts.kept == table.num_rows
    assert sum(output.rows for output in manifest.outputs) == table.num_rows
    for output in manifest.outputs:
        assert digest(tmp_path / "out" / output.path) == output.digest
    written = {str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out" / "data").iterdir()}
    assert {output.path for output in manifest.outputs} - {"index.json"} == written
