"""What a run writes is read by the tools that users have, and validates."""

import subprocess
import sys

import duckdb
import polars
import pytest

from pipelines.engine.outputs.files import list_files
from tests.pipelines.web.crawl import write_crawl


@pytest.fixture
def done(run, crawl, tmp_path):
    run(crawl, tmp_path / "out")
    return tmp_path / "out"


def test_duckdb_reads_signals_by_their_rules_path(done):
    found = duckdb.sql(
        f"select verdict.rule, count(*), max(signals.gopher.word_count) from '{done}/dropped/*.parquet' group by all"
    ).fetchall()
    assert {rule: count for rule, count, _ in found}["gopher.word_count"] == 15
    assert {rule: most for rule, _, most in found}["gopher.word_count"] < 50


def test_polars_reads_kept_and_dropped(done):
    kept = polars.read_parquet(f"{done}/kept/*.parquet")
    assert kept.height == 15
    assert kept["signals"].struct.field("language").struct.field("score").min() > 0.65
    assert polars.scan_parquet(f"{done}/dropped/*.parquet").select("doc_id").collect().height == 60


def test_datasets_loads_kept(done, tmp_path):
    datasets = pytest.importorskip("datasets")
    loaded = datasets.load_dataset(
        "parquet", data_files=f"{done}/kept/*.parquet", split="train", cache_dir=str(tmp_path / "cache")
    )
    assert loaded.num_rows == 15
    assert loaded[0]["signals"]["language"]["top1"] == "en"


def test_the_outputs_validate_and_a_damaged_one_does_not(done):
    program = [sys.executable, "-c", "from pipelines.cli import main; main()", "validate", str(done)]
    sound = subprocess.run(program, check=False, capture_output=True, text=True)
    assert sound.returncode == 0, sound.stdout + sound.stderr
    (done / "kept" / "crawl-01.parquet").write_bytes((done / "kept" / "crawl-00.parquet").read_bytes())
    damaged = subprocess.run(program, check=False, capture_output=True, text=True)
    assert damaged.returncode == 1
    assert "kept/crawl-01.parquet" in damaged.stdout + damaged.stderr


def test_input_and_output_may_lie_on_another_filesystem(run, tmp_path):
    import fsspec

    memory = fsspec.filesystem("memory")
    local = tmp_path / "crawl"
    write_crawl(local, shards=1)
    memory.pipe_file("/bucket/in/crawl-00.warc.gz", (local / "crawl-00.warc.gz").read_bytes())
    manifest, _ = run("memory://bucket/in/*.warc.gz", "memory://bucket/out")
    assert manifest.counts.kept == 5
    assert list_files("memory://bucket/out/kept", ".parquet") == ["crawl-00.parquet"]
    assert "nothing to do" in run("memory://bucket/in/*.warc.gz", "memory://bucket/out")[1]
