"""Deduplication of whole corpora: what goes, why, and that nothing about the machine decides it."""

import json
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import psutil
import pyarrow as pa
import pytest

from filters.batch import Batch
from filters.minhash.shingles import shingles
from pipelines.dedup.inputs import find_documents
from pipelines.read.files import InputError
from schemas.document import Document, DroppedDocument
from tests.pipelines.dedup.corpus import corpus, document, read, sentence_words, write_shards


def shingle_set(text: str) -> set[int]:
    array = pa.array([text], pa.large_string())
    return set(shingles(Batch(array, array.cast("string"), array.cast("string")), "words", 5).hashes.tolist())


def jaccard(left: str, right: str) -> float:
    a, b = shingle_set(left), shingle_set(right)
    return len(a & b) / len(a | b)


@pytest.fixture
def documents(tmp_path: Path) -> str:
    return write_shards(corpus(), tmp_path / "documents", shards=3)


def fates(out: Path) -> dict[str, tuple[object, ...]]:
    """What became of each document, whichever file it lies in."""
    kept = {row["doc_id"]: ("kept", row["duplicate_count"]) for row in read(out / "kept")}
    dropped = {
        row["doc_id"]: (row["verdict"]["rule"], row["survivor_id"], row["similarity"], row["verdict"]["detail"])
        for row in read(out / "dropped")
    }
    assert not kept.keys() & dropped.keys()
    return kept | dropped


def test_every_kind_of_duplicate_is_dropped_for_a_survivor_that_is_kept(deduplicate, documents, tmp_path):
    manifest, _ = deduplicate(documents, tmp_path / "out")
    assert manifest.counts.input == 140
    assert manifest.counts.dropped == {"duplicate.minhash": 50, "duplicate.text": 10, "duplicate.url": 10}
    kept = {row["doc_id"]: row for row in read(tmp_path / "out" / "kept")}
    dropped = read(tmp_path / "out" / "dropped")
    for row in kept.values():
        Document.model_validate(row)
    for row in dropped:
        DroppedDocument.model_validate(row)
        assert row["survivor_id"] in kept
        assert row["uri"].split("/")[2] == kept[row["survivor_id"]]["uri"].split("/")[2]
    assert Counter(row["survivor_id"] for row in dropped) == {
        doc_id: row["duplicate_count"] for doc_id, row in kept.items() if row["duplicate_count"]
    }


def test_similarities_are_true_ones_and_what_makes_a_duplicate_reaches_the_bound(deduplicate, documents, tmp_path):
    deduplicate(documents, tmp_path / "out")
    texts = {row["doc_id"]: row["text"] for part in ("kept", "dropped") for row in read(tmp_path / "out" / part)}
    similar = [row for row in read(tmp_path / "out" / "dropped") if row["verdict"]["rule"] == "duplicate.minhash"]
    assert similar
    for row in similar:
        assert row["similarity"] == pytest.approx(jaccard(row["text"], texts[row["survivor_id"]]))
        partner = row["verdict"]["detail"].removeprefix("duplicate of ")
        assert row["verdict"]["value"] == pytest.approx(jaccard(row["text"], texts[partner]))
        assert row["verdict"]["value"] >= 0.8
        assert row["verdict"]["bound"] == "< 0.8"


def test_the_newest_capture_and_the_earliest_copy_survive(deduplicate, documents, tmp_path):
    deduplicate(documents, tmp_path / "out")
    days = {row["doc_id"]: row["provenance"]["offset"] for row in corpus()}
    for row in read(tmp_path / "out" / "dropped"):
        own, other = days[row["doc_id"]], days[row["survivor_id"]]
        assert own < other if row["verdict"]["rule"] == "duplicate.url" else own > other


@pytest.mark.parametrize(("shards", "workers"), [(1, 1), (7, 1), (64, 2)])
def test_shards_and_workers_decide_nothing(deduplicate, documents, tmp_path, shards, workers):
    deduplicate(documents, tmp_path / "reference")
    other = write_shards(corpus()[::-1], tmp_path / "other", shards)
    manifest, _ = deduplicate(other, tmp_path / "out", workers=workers)
    assert fates(tmp_path / "out") == fates(tmp_path / "reference")
    reference = json.loads((tmp_path / "reference" / "manifest.json").read_text())
    assert manifest.model_dump(mode="json")["findings"] == reference["findings"]


def test_a_second_run_does_nothing_and_another_bound_reuses_the_signatures(deduplicate, documents, tmp_path):
    out = tmp_path / "out"
    deduplicate(documents, out)
    _, printed = deduplicate(documents, out)
    assert "nothing to do" in printed
    signed = {path: path.stat().st_mtime_ns for path in (out / "stages" / "signatures").glob("*.parquet")}
    manifest, printed = deduplicate(documents, out, "deduplicate.minhash.min_jaccard=0.97")
    assert "resuming: shards already done: signatures 3/3, url-keys 3/3" in printed
    assert {path: path.stat().st_mtime_ns for path in signed} == signed
    assert manifest.counts.dropped == {"duplicate.text": 10, "duplicate.url": 10}


def test_within_collections_only_what_is_of_one_collection_is_compared(deduplicate, tmp_path):
    words = sentence_words(random.Random(3), 200)
    rows = [document(f"http://a.test/{i}", words, i, f"crawl-{i % 2}") for i in range(4)]
    pattern = write_shards(rows, tmp_path / "documents", 1)
    assert deduplicate(pattern, tmp_path / "all")[0].counts.kept == 1
    assert deduplicate(pattern, tmp_path / "each", "deduplicate.scope=collection")[0].counts.kept == 2


def test_what_was_captured_twice_goes_even_where_only_similar_texts_are_looked_for(deduplicate, tmp_path):
    row = document("http://a.test/", sentence_words(random.Random(3), 200), 1)
    pattern = write_shards([row, row], tmp_path / "documents", 2)
    manifest, _ = deduplicate(pattern, tmp_path / "out", "deduplicate.url=null", "deduplicate.text=null")
    assert manifest.counts.dropped == {"duplicate.doc_id": 1}


def test_an_earlier_corpus_stays_and_what_repeats_it_goes(deduplicate, tmp_path):
    rows = corpus()
    first, second = rows[: len(rows) // 2], rows[len(rows) // 2 :]
    earlier = write_shards(first, tmp_path / "first", 2)
    later = write_shards(second, tmp_path / "second", 3)
    deduplicate(earlier, tmp_path / "one")
    before = {path: path.read_bytes() for path in (tmp_path / "one").rglob("*.parquet")}
    manifest, _ = deduplicate(later, tmp_path / "two", against=[str(tmp_path / "one")])
    assert {path: path.read_bytes() for path in (tmp_path / "one").rglob("*.parquet")} == before
    assert manifest.counts.input == len(second)
    kept_before = {row["doc_id"] for row in read(tmp_path / "one" / "kept")}
    kept_now = {row["doc_id"] for row in read(tmp_path / "two" / "kept")}
    survivors = {row["survivor_id"] for row in read(tmp_path / "two" / "dropped")}
    assert survivors <= kept_before | kept_now
    assert survivors & kept_before
    both, _ = deduplicate([earlier, later], tmp_path / "both")
    assert len(kept_before) + len(kept_now) == both.counts.kept


def test_signatures_of_other_settings_are_refused(deduplicate, documents, tmp_path):
    deduplicate(documents, tmp_path / "one")
    with pytest.raises(InputError, match=r"minhash = .*'ngram': 5.*'ngram': 7.*cannot be compared"):
        deduplicate(documents, tmp_path / "two", "deduplicate.minhash.ngram=7", against=[str(tmp_path / "one")])


def test_input_that_holds_no_documents_is_refused(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(InputError, match=r"bad\.parquet"):
        find_documents([str(tmp_path / "bad.parquet")])


def command(recipe: Path, pattern: str, out: Path) -> list[str]:
    options = ["-i", pattern, "-o", str(out), "--workers", "2"]
    return [sys.executable, "-c", "from pipelines.cli import main; main()", "deduplicate", str(recipe), *options]


def outputs(out: Path) -> dict[str, bytes]:
    return {str(path.relative_to(out)): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


@pytest.mark.slow
def test_killed_in_the_middle_it_resumes_to_the_same_bytes(recipe_file, tmp_path):
    """Killed three times in one run, later each time."""
    pattern = write_shards(corpus(240), tmp_path / "documents", 12)
    unbroken, out = tmp_path / "unbroken", tmp_path / "out"
    subprocess.run(command(recipe_file, pattern, unbroken), check=True, capture_output=True)
    for moment in ("stages/signatures", "stages/text-outcomes", "kept"):
        process = subprocess.Popen(
            command(recipe_file, pattern, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 120
        while not list((out / moment).glob("*")):
            assert time.monotonic() < end
            time.sleep(0.005)
        descendants = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        psutil.wait_procs(descendants, timeout=60)
        assert not (out / "manifest.json").exists()
    subprocess.run(command(recipe_file, pattern, out), check=True, capture_output=True)
    assert outputs(out) == outputs(unbroken)
    assert not list(out.rglob("*.tmp"))
