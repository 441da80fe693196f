"""Inputs that are text already pass by the extraction."""

import gzip
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.pipelines.read.archives import warc
from tests.pipelines.web.crawl import paragraph


def rows(folder: Path) -> list[dict]:
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


@pytest.fixture
def texts() -> list[str]:
    source = random.Random(0)
    return ["\n\n".join(paragraph(source) for _ in range(6)) + f"\nMail a{i}@example.org for more." for i in range(4)]


def test_wet_jsonl_and_parquet_give_the_same_documents(run, texts, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    uris = [f"http://site.test/{i}" for i in range(len(texts))]
    wet = b"".join(
        gzip.compress(warc(text.encode(), uri, kind="conversion", content_type="text/plain"), mtime=0)
        for uri, text in zip(uris, texts, strict=True)
    )
    (folder / "a.warc.wet.gz").write_bytes(wet)
    lines = [json.dumps({"url": uri, "text": text}) for uri, text in zip(uris, texts, strict=True)]
    (folder / "a.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode(), mtime=0))
    pq.write_table(pa.table({"url": uris, "text": texts}), folder / "a.parquet")
    manifest, _ = run(str(folder / "*"), tmp_path / "out")
    assert (manifest.counts.input, manifest.counts.kept, manifest.shards) == (12, 12, 3)
    kept = rows(tmp_path / "out" / "kept")
    assert all("<EMAIL>" in row["text"] for row in kept)
    assert {row["uri"] for row in kept} == set(uris)
    assert {row["provenance"]["container"] for row in kept} == {path.name for path in folder.iterdir()}
    assert len({row["text"] for row in kept}) == 4


def test_kept_documents_as_input_keep_their_identity(run, crawl, tmp_path):
    run(crawl, tmp_path / "first")
    manifest, _ = run(str(tmp_path / "first" / "kept" / "*.parquet"), tmp_path / "second")
    first, second = rows(tmp_path / "first" / "kept"), rows(tmp_path / "second" / "kept")
    assert manifest.counts.kept == len(first) == 15
    for name in ("doc_id", "uri", "text", "title", "retrieved_at"):
        assert [row[name] for row in second] == [row[name] for row in first]
