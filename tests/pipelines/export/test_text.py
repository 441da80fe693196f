"""Texts of documents in every format that takes them, read as trainers read them."""

import pyarrow.parquet as pq
import pytest

from schemas.document import document_schema
from tests.pipelines.export.libraries import read_array_records, read_mds
from tests.pipelines.tokenize.corpus import documents as small_documents
from tests.pipelines.tokenize.corpus import write

ROWS = 1024


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    """More documents than a row group holds, in three shards."""
    few = small_documents()
    return [
        document | {"doc_id": f"{number:032x}", "text": f"{number} {document['text']}"}
        for number in range(3 * 1100)
        for document in [few[number % len(few)]]
    ]


@pytest.fixture(scope="module")
def kept(rows, tmp_path_factory) -> str:
    return write(tmp_path_factory.mktemp("kept"), rows, 3)[0]


@pytest.fixture
def texts(rows) -> list[str]:
    """In the order of the shards."""
    return [row["text"] for shard in range(3) for row in rows[shard::3]]


def test_ranks_that_take_row_groups_in_turn_read_every_text_once(export, kept, texts, tmp_path):
    export("parquet", [kept], tmp_path)
    paths = sorted((tmp_path / "data").glob("*.parquet"))
    read = []
    for rank in range(4):
        for path in paths:
            file = pq.ParquetFile(path)
            assert [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)] == [
                ROWS,
                1100 - ROWS,
            ]
            for group in range(rank, file.num_row_groups, 4):
                read += file.read_row_group(group).column("text").to_pylist()
    assert sorted(read) == sorted(texts)
    whole = [text for path in paths for text in pq.read_table(path).column("text").to_pylist()]
    assert whole == texts


def test_datasets_loads_text_parquet(export, kept, rows, texts, tmp_path):
    import datasets

    export("parquet", [kept], tmp_path / "out")
    files = str(tmp_path / "out" / "data" / "*.parquet")
    loaded = datasets.load_dataset("parquet", data_files=files, split="train", cache_dir=str(tmp_path / "cache"))
    assert loaded["text"][:] == texts
    assert set(loaded["source"]) == {"web", "code"}
    assert loaded.column_names == ["text", "doc_id", "uri", "source", "license", "language"]


def test_array_records_hold_texts(export, kept, rows, texts, tmp_path):
    export("arrayrecord", [kept], tmp_path)
    records = list(read_array_records(sorted(map(str, (tmp_path / "data").glob("*.array_record")))))
    assert [record["text"].decode() for record in records] == texts
    assert [record["doc_id"].decode() for record in records[:2]] == [rows[0]["doc_id"], rows[3]["doc_id"]]


def test_mds_holds_texts(export, kept, texts, tmp_path):
    export("mds", [kept], tmp_path)
    samples = list(read_mds(tmp_path))
    assert [sample["text"] for sample in samples] == texts
    assert samples[0]["source"] == "web"


def test_the_account_says_sources_languages_and_missing_licences(export, kept, rows, tmp_path):
    manifest = export("mds", [kept], tmp_path)
    found = {finding.name: finding.count for finding in manifest.findings}
    assert found["export.documents.license.none"] == len(rows)
    assert found["export.documents.source.web"] == sum(row["source"] == "web" for row in rows)
    assert found["export.documents.language.zh"] == sum(row["language"] == "zh" for row in rows)


def test_a_shard_without_rows_has_its_files(export, tmp_path):
    write(tmp_path / "in", [], 1)
    assert pq.read_schema(tmp_path / "in" / "000.parquet").names == document_schema(()).names
    for name, endings in (("parquet", [".parquet"]), ("arrayrecord", [".array_record"]), ("mds", [])):
        export(name, [str(tmp_path / "in" / "000.parquet")], tmp_path / name)
        assert sorted(path.suffix for path in (tmp_path / name / "data").glob("*")) == endings
