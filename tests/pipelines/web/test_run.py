import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.engine.outputs.records import ForeignOutputError
from pipelines.read.files import InputError
from schemas.document import Document, DroppedDocument
from tests.pipelines.web.conftest import outputs
from tests.pipelines.web.crawl import write_crawl


def rows(folder: Path) -> list[dict]:
    return [row for path in sorted(folder.glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def changed(before: dict[Path, int], folder: Path) -> set[str]:
    return {
        path.parent.name for path in folder.rglob("records/*/*.json") if path.stat().st_mtime_ns != before.get(path)
    }


def record_times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("records/*/*.json")}


def test_every_page_ends_where_its_kind_belongs(run, crawl, tmp_path):
    manifest, _ = run(crawl, tmp_path / "out")
    assert manifest.counts.input == 75
    assert manifest.counts.kept == 15
    assert manifest.counts.dropped == {
        "extract.empty": 15,
        "gopher.word_count": 15,
        "language.score": 15,
        "repetition.duplicate_paragraph_fraction": 15,
    }
    kept = rows(tmp_path / "out" / "kept")
    assert {row["title"] for row in kept} == {f"Page {number}" for number in range(0, 75, 5)}
    assert all("<EMAIL>" in row["text"] and "@" not in row["text"] for row in kept)
    assert all(row["language"] == "en" and row["signals"]["pii"]["email"] == 1 for row in kept)
    for row in kept:
        Document.model_validate(row)
    dropped = rows(tmp_path / "out" / "dropped")
    assert {row["verdict"]["rule"] for row in dropped} == set(manifest.counts.dropped)
    for row in dropped:
        DroppedDocument.model_validate(row)
    assert len({row["doc_id"] for row in kept + dropped}) == 75


def test_a_second_run_does_nothing_and_says_so(run, crawl, tmp_path):
    first, _ = run(crawl, tmp_path / "out")
    times = {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")}
    second, printed = run(crawl, tmp_path / "out")
    assert "nothing to do: all 3 shard(s)" in printed
    assert second == first
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "out").rglob("*")} == times


def test_workers_and_the_order_of_inputs_change_no_byte(run, crawl, tmp_path):
    run(crawl, tmp_path / "one")
    files = sorted(str(path) for path in (tmp_path / "crawl").iterdir())
    run(files[::-1], tmp_path / "two", workers=2)
    assert outputs(tmp_path / "one") == outputs(tmp_path / "two")
    assert len(outputs(tmp_path / "one")) == 15


def test_what_is_missing_is_made_again_with_the_same_bytes(run, crawl, tmp_path):
    out = tmp_path / "out"
    run(crawl, out)
    whole = outputs(out)
    (out / "kept" / "crawl-01.parquet").unlink()
    (out / "records" / "measure" / "crawl-02.json").unlink()
    before = record_times(out)
    _, printed = run(crawl, out)
    assert "resuming: shards already done: extract 3/3" in printed
    assert outputs(out) == whole
    assert changed(before, out) == {"measure", "decide"}


def test_intermediate_files_may_be_deleted_when_all_is_done(run, crawl, tmp_path):
    out = tmp_path / "out"
    run(crawl, out)
    for path in (out / "stages").rglob("*.parquet"):
        path.unlink()
    assert "nothing to do" in run(crawl, out)[1]


def test_another_threshold_runs_only_the_decision(run, crawl, tmp_path):
    out = tmp_path / "out"
    run(crawl, out)
    before = record_times(out)
    manifest, _ = run(crawl, out, "filters.gopher_quality.word_count.min=5")
    assert changed(before, out) == {"decide"}
    assert "gopher.word_count" not in manifest.counts.dropped
    assert manifest.counts.dropped["gopher.stop_word_count"] == 15


def test_another_gate_runs_the_measuring_again(run, crawl, tmp_path):
    out = tmp_path / "out"
    run(crawl, out)
    before = record_times(out)
    manifest, _ = run(crawl, out, "filters.language.keep=[de]")
    assert changed(before, out) == {"measure", "decide"}
    assert manifest.counts.dropped["language.score"] >= 45


def test_another_engine_setting_runs_everything_again(run, crawl, tmp_path):
    out = tmp_path / "out"
    run(crawl, out)
    before = record_times(out)
    run(crawl, out, "extract.main_content=false")
    assert "extract" in changed(before, out)


def test_a_changed_input_is_read_again(run, crawl, tmp_path):
    out = tmp_path / "out"
    run(crawl, out)
    write_crawl(tmp_path / "crawl", shards=1, pages=5)
    manifest, _ = run(crawl, out)
    assert manifest.counts.input == 55


def test_more_inputs_are_added_and_fewer_are_refused(run, crawl, tmp_path):
    out = tmp_path / "out"
    first = str(tmp_path / "crawl" / "crawl-00.warc.gz")
    run(first, out)
    before = record_times(out)
    manifest, _ = run(crawl, out)
    assert manifest.counts.input == 75
    assert all(path.stat().st_mtime_ns == time for path, time in before.items())
    with pytest.raises(ForeignOutputError, match=r"2 shard\(s\) of other inputs, such as 'crawl-01'.*another --out"):
        run(first, out)


def test_no_match_is_an_error_before_any_work(run, tmp_path):
    with pytest.raises(InputError, match="no file matches"):
        run(str(tmp_path / "none" / "*.warc.gz"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_each_stage_has_a_manifest_whose_sums_lead_on(run, crawl, tmp_path):
    whole, _ = run(crawl, tmp_path / "out")
    manifests = {
        name: json.loads((tmp_path / "out" / "stages" / name / "manifest.json").read_text())
        for name in ("extract", "measure", "decide")
    }
    assert manifests["extract"]["counts"]["input"] == whole.counts.input
    assert manifests["extract"]["counts"]["kept"] == manifests["measure"]["counts"]["input"]
    assert manifests["decide"]["counts"]["input"] == 75
    assert [engine["name"] for engine in manifests["extract"]["engines"]] == ["resiliparse"]
    assert {entry["path"].rpartition("/")[2] for entry in manifests["extract"]["inputs"]} == {
        f"crawl-{shard:02}.warc.gz" for shard in range(3)
    }
