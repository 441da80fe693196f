"""Decontamination of whole corpora: what goes, why, and that nothing about the machine decides it."""

import json
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pyarrow.parquet as pq
import pytest

from filters.ngrams.index_file import IndexFileError
from pipelines.read.files import InputError
from pipelines.validate import Passed, validate_path
from schemas.contamination import BenchmarkItemState, ContaminationMatch
from schemas.document import Document, DroppedDocument
from schemas.manifest import Manifest
from schemas.recipe.error import RecipeError
from tests.pipelines.decontaminate.corpus import COMMON, QUESTIONS, RIDDLES, corpus
from tests.pipelines.dedup.corpus import document, read, write_shards


@dataclass(frozen=True)
class Run:
    """A run that has ended."""

    out: Path
    manifest: Manifest
    printed: str


@pytest.fixture(scope="module")
def documents(tmp_path_factory) -> str:
    return write_shards(corpus(), tmp_path_factory.mktemp("documents"), shards=3)


@pytest.fixture(scope="module")
def dropped(decontaminate, documents, tmp_path_factory) -> Run:
    """Of the recipe as it is."""
    out = tmp_path_factory.mktemp("dropped") / "out"
    return Run(out, *decontaminate(documents, out))


@pytest.fixture(scope="module")
def marked(decontaminate, documents, tmp_path_factory) -> Run:
    """With all documents kept."""
    out = tmp_path_factory.mktemp("marked") / "out"
    return Run(out, *decontaminate(documents, out, "decontaminate.mode=mark"))


def number(row: dict[str, object]) -> int:
    last = str(row["uri"]).rpartition("/")[2]
    return int(last) if last.isdigit() else -1


def test_documents_with_items_are_dropped_and_say_why(dropped):
    assert dropped.manifest.counts.input == 92
    assert dropped.manifest.counts.dropped == {"contamination.ngrams": 22}
    gone = {row["uri"]: row for row in read(dropped.out / "dropped")}
    assert {number(row) for row in gone.values()} == {n for n in range(90) if n % 9 in (0, 3)} | {-1}
    for row in read(dropped.out / "kept"):
        Document.model_validate(row)
        assert row["signals"] == {"contamination": {"ngrams": 0, "longest": 0}}
    for row in gone.values():
        DroppedDocument.model_validate(row)
        assert row["verdict"]["stage"] == "decontaminate"
        assert row["verdict"]["bound"] == "<= 0"
        assert row["verdict"]["value"] == row["signals"]["contamination"]["ngrams"] >= 1
    whole = gone["http://site.test/0"]
    assert whole["verdict"]["detail"].startswith("pears/test, item q0, 20 words by n-grams of 13: … ")
    assert "[WHEN ADA HAD 7 PEARS" in whole["verdict"]["detail"]
    assert whole["signals"]["contamination"] == {"ngrams": 8, "longest": 20}
    assert gone["http://site.test/12"]["signals"]["contamination"]["longest"] == 15
    assert (
        gone["http://site.test/who"]["verdict"]["detail"]
        == "riddles/test, item q3, 3 words by n-grams of 3: [Who are you]!"
    )
    assert "contamination.md" in dropped.printed


def test_matches_show_both_passages_side_by_side(dropped):
    matches = read(dropped.out / "matches")
    for row in matches:
        ContaminationMatch.model_validate(row)
    by_document = {}
    for row in matches:
        by_document.setdefault(number(row), []).append(row)
    (whole,) = by_document[0]
    assert (whole["suite"], whole["split"], whole["item"], whole["n"]) == ("pears", "test", "q0", 13)
    assert (whole["ngrams"], whole["words"], whole["share"]) == (8, 20, 1.0)
    assert whole["item_passage"] == f"[{QUESTIONS[0][:-1]}]?"
    assert "[WHEN ADA HAD" in whole["document_passage"]
    part, riddle = by_document[3]
    assert (part["item"], part["words"], part["share"]) == ("q3", 15, 0.75)
    assert (riddle["suite"], riddle["item"], riddle["share"]) == ("riddles", "q0", 1.0)
    assert not any(COMMON in row["document_passage"] for row in matches)


def test_items_are_seen_clean_or_unknown(dropped):
    items = pq.read_table(dropped.out / "benchmarks" / "items.parquet").to_pylist()
    for row in items:
        BenchmarkItemState.model_validate(row)
    states = {(row["suite"], row["item"]): row["state"] for row in items}
    assert [item for (suite, item), state in states.items() if suite == "pears" and state == "seen"] == [
        "q0", "q1", "q2", "q3", "q9",
    ]  # fmt: skip
    assert states["riddles", "q1"] == states["pears", "q10"] == states["riddles", "q4"] == "clean"
    assert states["riddles", "q2"] == "unknown"
    by_item = {(row["suite"], row["item"]): row for row in items}
    ids = sorted(row["doc_id"] for row in corpus() if number(row) % 9 == 3 and number(row) % 2 and number(row) > 0)
    assert (by_item["riddles", "q0"]["documents"], by_item["riddles", "q0"]["doc_ids"]) == (5, ids[:3])
    assert by_item["riddles", "q0"]["largest_share"] == 1.0
    assert by_item["riddles", "q1"]["doc_ids"] == []


def test_common_usage_is_no_evidence_below_its_bound_it_is(decontaminate, documents, dropped, tmp_path):
    findings = {finding.name: finding for finding in dropped.manifest.findings}
    common = findings["contamination.common_ngrams"]
    assert common.count == 1 + 6  # 13 words, by n-grams of 13 and of 8
    assert len(common.examples) == 3
    assert all(example.startswith("10 documents: ") for example in common.examples)
    manifest, _ = decontaminate(documents, tmp_path / "out", "decontaminate.common_usage=11")
    assert manifest.counts.dropped == {"contamination.ngrams": 32}
    manifest, _ = decontaminate(documents, tmp_path / "out", "decontaminate.common_usage=1")
    assert manifest.counts.dropped == {}
    items = pq.read_table(tmp_path / "out" / "benchmarks" / "items.parquet").to_pylist()
    assert {row["state"] for row in items if row["item"] == "q0"} == {"unknown"}


def test_passages_are_cut_out_with_context_and_short_documents_go(decontaminate, documents, tmp_path):
    manifest, _ = decontaminate(documents, tmp_path / "out", "decontaminate.mode=cut")
    assert manifest.counts.dropped == {"contamination.ngrams": 2}
    dropped = {row["uri"]: row for row in read(tmp_path / "out" / "dropped")}
    assert set(dropped) == {"http://site.test/short", "http://site.test/who"}
    assert all(row["text"] and row["verdict"]["detail"].startswith("too little") for row in dropped.values())
    before = {row["uri"]: row["text"] for row in corpus()}
    for row in read(tmp_path / "out" / "kept"):
        flagged = number(row) % 9 in (0, 3)
        assert (row["signals"]["contamination"]["ngrams"] > 0) == flagged
        assert (row["text"] != before[row["uri"]]) == flagged
        assert "pears and gave" not in row["text"].lower()
        assert RIDDLES[0] not in row["text"]
        assert set(row["text"].split()) <= set(before[row["uri"]].split())
    findings = {finding.name: finding.count for finding in manifest.findings}
    assert (findings["contamination.cut"], findings["contamination.ngrams"]) == (20, 2)


def test_marking_keeps_every_text(marked):
    assert (marked.manifest.counts.kept, marked.manifest.counts.dropped) == (92, {})
    texts = {row["uri"]: row["text"] for row in corpus()}
    kept = read(marked.out / "kept")
    assert {row["uri"]: row["text"] for row in kept} == texts
    assert sum(row["signals"]["contamination"]["ngrams"] > 0 for row in kept) == 22
    assert {finding.name: finding.count for finding in marked.manifest.findings}["contamination.marked"] == 22


@pytest.mark.parametrize(("shards", "workers"), [(1, 1), (7, 1), pytest.param(32, 2, marks=pytest.mark.slow)])
def test_shards_and_workers_decide_nothing(decontaminate, dropped, tmp_path, shards, workers):
    def fates(out: Path) -> list[str]:
        rows = [*read(out / "kept"), *read(out / "dropped"), *read(out / "matches")]
        return sorted(json.dumps(row, default=str, sort_keys=True) for row in rows)

    other = write_shards(corpus()[::-1], tmp_path / "other", shards)
    manifest, _ = decontaminate(other, tmp_path / "out", workers=workers)
    assert fates(tmp_path / "out") == fates(dropped.out)
    for name in ("benchmarks/items.parquet", "contamination.md"):
        assert (tmp_path / "out" / name).read_bytes() == (dropped.out / name).read_bytes()
    reference = json.loads((dropped.out / "manifest.json").read_text())
    assert manifest.model_dump(mode="json")["findings"] == reference["findings"]


def test_the_page_says_what_a_user_needs(dropped):
    page = (dropped.out / "contamination.md").read_text()
    assert (
        "Of 92 documents, 22 (23.91%) hold an n-gram of a benchmark that is no common usage: 22 were dropped." in page
    )
    assert "Of 16 benchmark items, 7 were seen, 8 are clean and of 1 nothing can be said." in page
    assert "| pears/test | 13 | 11 | 5 (45.5%) | 5 | 6 | 0 | 21 |" in page
    assert f"- 10 documents: {COMMON}" in page
    assert "WARNING" not in page
    assert page.count("- http://site.test/") == 6


def test_manifest_says_what_was_dropped_with_three_examples(dropped):
    findings = {finding.name: finding for finding in dropped.manifest.findings}
    assert (findings["contamination.ngrams"].count, findings["contamination.ngrams"].whole) == (22, 92)
    assert findings["contamination.of.pears/test"].count == 21
    assert findings["contamination.of.riddles/test"].count == 6
    assert (findings["contamination.n03"].count, findings["contamination.n13"].count) == (1, 21)
    for name in ("contamination.ngrams", "contamination.of.pears/test", "contamination.n13"):
        assert len(findings[name].examples) == 3
        assert all("\npears/test, item q" in example or "riddles" in example for example in findings[name].examples)


def test_validate_accepts_the_run_and_sees_what_is_gone(decontaminate, documents, tmp_path):
    out = tmp_path / "out"
    decontaminate(documents, out)
    assert all(isinstance(result, Passed) for result in validate_path(str(out)))
    next((out / "matches").glob("*.parquet")).unlink()
    assert not all(isinstance(result, Passed) for result in validate_path(str(out)))
    _, printed = decontaminate(documents, out)
    assert "nothing to do" not in printed
    assert all(isinstance(result, Passed) for result in validate_path(str(out)))


def test_an_index_that_finds_nothing_is_a_loud_warning(decontaminate, tmp_path):
    rows = [document("http://a.test/", ["nothing", "of", "the", "kind", "is", "said", "in", "this", "text"], 1)]
    manifest, printed = decontaminate(write_shards(rows, tmp_path / "documents", 1), tmp_path / "out")
    assert manifest.counts.kept == 1
    assert "WARNING: the index matched nothing at all" in printed
    assert "WARNING: the index matched nothing at all" in (tmp_path / "out" / "contamination.md").read_text()


def test_another_mode_reuses_the_hits_and_another_index_does_not(decontaminate, documents, tmp_path, index_path):
    out = tmp_path / "out"
    decontaminate(documents, out)
    _, printed = decontaminate(documents, out)
    assert "nothing to do" in printed
    moved = tmp_path / "moved.index"
    moved.write_bytes(index_path.read_bytes())
    _, printed = decontaminate(documents, out, f"decontaminate.index={moved}")
    assert "nothing to do" in printed
    _, printed = decontaminate(documents, out, "decontaminate.mode=mark")
    assert "contamination-collisions 3/3, contamination-common 1/1, decontaminate 0/3" in printed


def test_documents_that_were_decontaminated_before_are_measured_anew(decontaminate, marked, tmp_path):
    manifest, _ = decontaminate(str(marked.out / "kept" / "*.parquet"), tmp_path / "two")
    assert manifest.counts.dropped == {"contamination.ngrams": 22}
    row = read(tmp_path / "two" / "kept")[0]
    assert row["signals"] == {"contamination": {"ngrams": 0, "longest": 0}}


def test_refuses_before_any_work(decontaminate, documents, tmp_path, index_path):
    out = tmp_path / "out"
    with pytest.raises(RecipeError, match=r"decontaminate\.index: no such file"):
        decontaminate(documents, out, "decontaminate.index=missing.index")
    with pytest.raises(IndexFileError, match="is no whole benchmark index"):
        decontaminate(documents, out, f"decontaminate.index={next(Path(documents).parent.glob('*'))}")
    with pytest.raises(InputError, match="no section `decontaminate`: give --index INDEX"):
        decontaminate(documents, out, "decontaminate=null")
    with pytest.raises(InputError, match=r"benchmarks\.index|cannot be read|format"):
        decontaminate(str(index_path), out)
    with pytest.raises(InputError, match="without any document"):
        decontaminate(write_shards([], tmp_path / "empty", 2), out)
    assert not out.exists()


@pytest.mark.slow
def test_killed_in_the_middle_it_resumes_to_the_same_bytes(recipe_file, tmp_path):
    pattern = write_shards(corpus(300), tmp_path / "documents", 8)

    def command(out: Path) -> list[str]:
        program = "from pipelines.cli import main; main()"
        options = ["-i", pattern, "-o", str(out), "--workers", "2"]
        return [sys.executable, "-c", program, "decontaminate", str(recipe_file), *options]

    def outputs(out: Path) -> dict[str, bytes]:
        files = [*out.rglob("*.parquet"), out / "contamination.md"]
        return {str(path.relative_to(out)): path.read_bytes() for path in sorted(files)}

    unbroken, out = tmp_path / "unbroken", tmp_path / "out"
    subprocess.run(command(unbroken), check=True, capture_output=True)
    for moment in ("stages/contamination-hits", "kept"):
        process = subprocess.Popen(command(out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 120
        while not list((out / moment).glob("*")):
            assert time.monotonic() < end
            time.sleep(0.005)
        descendants = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        psutil.wait_procs(descendants, timeout=60)
        assert not (out / "manifest.json").exists()
    subprocess.run(command(out), check=True, capture_output=True)
    assert outputs(out) == outputs(unbroken)
    assert not list(out.rglob("*.tmp"))
