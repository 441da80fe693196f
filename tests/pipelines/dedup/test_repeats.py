"""Lines and passages that several documents have: what is cut, that it is said, and that no machine decides it."""

import json
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import pyarrow as pa
import pytest

from pipelines.job.plan import plan_deduplication
from schemas.document import Document, DroppedDocument
from schemas.manifest import Manifest
from schemas.recipe.load import load_recipe
from tests.pipelines.dedup.corpus import read, write_shards
from tests.pipelines.dedup.repeats_corpus import HOT_LINE, K, repeats_corpus
from tests.pipelines.dedup.test_deduplicate import command, outputs
from tests.support.sequential import run_sequentially

RECIPE = f"""\
name: repeats
collection: web
deduplicate:
  survivor:
    - {{by: text_length, prefer: highest}}
    - {{by: retrieved_at, prefer: lowest}}
  text: {{}}
  lines: {{min_words: 4, min_words_left: 10}}
  substrings: {{min_words: {K}, min_words_left: 10}}
"""
NO_LINES, NO_SUBSTRINGS = "deduplicate.lines=null", "deduplicate.substrings=null"
Run = Callable[..., Manifest]


@pytest.fixture(scope="session")
def recipe_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("recipe") / "repeats.yaml"
    path.write_text(RECIPE)
    return path


@pytest.fixture(scope="session")
def run(recipe_file: Path) -> Run:
    """Runs the recipe in this process."""

    def _run(pattern: str | list[str], out: Path, *changes: str, against: tuple[str, ...] = ()) -> Manifest:
        inputs = [pattern] if isinstance(pattern, str) else pattern
        return run_sequentially(plan_deduplication(load_recipe(recipe_file, changes), inputs, str(out), against))

    return _run


@pytest.fixture(scope="session")
def both(run: Run, tmp_path_factory) -> tuple[Path, Manifest]:
    """A run with both sections."""
    folder = tmp_path_factory.mktemp("both")
    return folder / "out", run(write_shards(repeats_corpus(), folder / "documents", 3), folder / "out")


def place(row: dict[str, object]) -> tuple[object, ...]:
    """Where a document stands in the order of survival."""
    return -len(str(row["text"])), row["retrieved_at"], row["doc_id"]


def lines_of(text: str) -> list[str]:
    return [line.strip().lower() for line in text.split("\n") if len(line.split()) >= 4]


def words_of(text: str) -> list[str]:
    return [word.strip(",«»").lower() for word in text.split()]


def runs_of(words: list[str]) -> list[tuple[str, ...]]:
    return [tuple(words[start : start + K]) for start in range(len(words) - K + 1)]


def everything(out: Path) -> dict[str, list[dict[str, object]]]:
    """What became of all documents, whichever file they lie in."""
    return {part: sorted(read(out / part), key=lambda row: row["doc_id"]) for part in ("kept", "dropped")}


@pytest.mark.parametrize("max_copies", [1, 3])
def test_the_first_documents_keep_a_line_and_all_others_lose_it(run, tmp_path, max_copies):
    rows = repeats_corpus()
    left, seen = {}, Counter()
    for row in sorted(rows, key=place):
        lines = lines_of(row["text"])
        left[row["doc_id"]] = sorted(line for line in lines if seen[line] < max_copies)
        seen.update(set(lines))
    out = tmp_path / "out"
    changes = [NO_SUBSTRINGS, f"deduplicate.lines.max_copies={max_copies}", "deduplicate.lines.min_words_left=1"]
    run(write_shards(rows, tmp_path / "documents", 4), out, *changes)
    kept = {row["doc_id"]: row for row in read(out / "kept")}
    assert {doc_id: sorted(lines_of(row["text"])) for doc_id, row in kept.items()} == {
        doc_id: lines for doc_id, lines in left.items() if doc_id in kept
    }
    dropped = {row["doc_id"]: row["verdict"]["rule"] for row in read(out / "dropped")}
    assert {doc_id for doc_id, rule in dropped.items() if rule == "duplicate.lines"} <= {
        doc_id for doc_id, lines in left.items() if not lines
    }
    copies = Counter(line for row in kept.values() for line in set(lines_of(row["text"])))
    assert max(copies.values()) == max_copies


def test_no_passage_stands_twice_in_what_is_kept(run, tmp_path):
    """Runs across a cut are new ones, which nothing has compared."""
    rows = repeats_corpus(seed=2)
    before = {row["doc_id"]: set(runs_of(words_of(row["text"]))) for row in rows}
    assert max(Counter(run for runs in before.values() for run in runs).values()) > 3
    out = tmp_path / "out"
    run(write_shards(rows, tmp_path / "documents", 4), out, NO_LINES)
    kept = {row["doc_id"]: runs_of(words_of(row["text"])) for row in read(out / "kept")}
    counts = Counter(run for doc_id, runs in kept.items() for run in runs if run in before[doc_id])
    assert set(counts.values()) == {1}
    words = Counter(word for row in rows for word in words_of(row["text"]))
    for row in read(out / "kept"):  # what stands in one place only is never cut
        original = next(each for each in rows if each["doc_id"] == row["doc_id"])
        own = [word for word in words_of(original["text"]) if words[word] == 1]
        assert [word for word in words_of(row["text"]) if words[word] == 1] == own


def test_every_cut_is_counted_and_every_document_says_what_it_lost(both):
    out, manifest = both
    texts = {row["doc_id"]: row["text"] for row in repeats_corpus()}
    findings = {finding.name: finding for finding in manifest.findings}
    kept, dropped = everything(out).values()
    for row in kept:
        Document.model_validate(row)
        lost = row["signals"]["duplicate"]
        size = len(texts[row["doc_id"]].encode())
        share = lost["cut_lines_share"] + lost["cut_substrings_share"]
        assert share * size == pytest.approx(size - len(row["text"].encode()))
        assert (lost["cut_lines"] + lost["cut_substrings"] == 0) == (row["text"] == texts[row["doc_id"]])
    for row in dropped:
        DroppedDocument.model_validate(row)
        assert row["text"] == texts[row["doc_id"]]
        verdict = row["verdict"]
        assert verdict["rule"] in ("duplicate.lines", "duplicate.substrings")
        assert verdict["bound"] == ">= 10"
        assert int(verdict["detail"].split()[0]) == verdict["value"] < 10
    lost = [row["signals"]["duplicate"] for row in kept + dropped]
    for name in ("lines", "substrings"):
        assert findings[f"{name}.cut"].count == sum(each[f"cut_{name}"] for each in lost) > 0
        cut = [row["signals"]["duplicate"][f"cut_{name}"] for row in kept]
        assert (findings[f"{name}.documents"].count, findings[f"{name}.documents"].whole) == (
            sum(map(bool, cut)),
            len(kept),
        )
        rules = Counter(row["verdict"]["rule"] for row in dropped)
        assert findings[f"duplicate.{name}"].count == rules[f"duplicate.{name}"]
    removed = findings["lines.bytes"].count + findings["substrings.bytes"].count
    assert removed == sum(len(texts[row["doc_id"]].encode()) - len(row["text"].encode()) for row in kept)
    assert findings["substrings.bytes"].whole == findings["lines.bytes"].whole - findings["lines.bytes"].count
    assert manifest.counts.kept == len(kept)
    assert manifest.counts.dropped == Counter(row["verdict"]["rule"] for row in dropped)


def test_the_most_repeated_lines_are_shown_with_their_counts(both):
    _, manifest = both
    findings = {finding.name: finding for finding in manifest.findings}
    examples = findings["lines.most_repeated"].examples
    assert f'39 copies cut: "{HOT_LINE}"' in examples
    assert findings["lines.most_repeated"].count == sum(int(example.split()[0]) for example in examples)
    copies = Counter(line for row in repeats_corpus() for line in set(lines_of(row["text"])))
    assert findings["lines.repeated"].count == sum(count > 1 for count in copies.values())
    assert len(findings["substrings.cut"].examples) == 3


def test_what_every_document_has_is_little_work_for_a_bucket(both):
    """One row of the line for each shard, instead of one for each document."""
    out, _ = both
    rows = [
        row
        for path in (out / "stages" / "lines-keys").glob("*.arrow")
        for row in pa.ipc.open_file(path).read_all().to_pylist()
    ]
    hottest = max(rows, key=lambda row: row["removed"])
    assert [row["hash"] for row in rows].count(hottest["hash"]) == 3
    assert sum(row["removed"] for row in rows if row["hash"] == hottest["hash"]) == 40 - 3


def test_signatures_stay_beside_what_is_kept(both):
    out, _ = both
    for path in (out / "kept").glob("*.parquet"):
        ids = pa.parquet.read_table(out / "signatures" / path.name)["doc_id"].to_pylist()
        assert ids == pa.parquet.read_table(path)["doc_id"].to_pylist()
    assert any(row["verdict"]["rule"] == "duplicate.lines" for row in read(out / "dropped"))


def test_another_number_and_order_of_shards_changes_nothing(run, both, tmp_path):
    out, manifest = both
    for shards in (1, 7):
        other = run(
            write_shards(repeats_corpus()[::-1], tmp_path / f"documents{shards}", shards), tmp_path / f"out{shards}"
        )
        assert everything(tmp_path / f"out{shards}") == everything(out)
        assert other.findings == manifest.findings


@pytest.mark.slow
def test_two_workers_on_64_shards_change_nothing(deduplicate, both, tmp_path):
    out, manifest = both
    pattern = write_shards(repeats_corpus()[::-1], tmp_path / "documents", 64)  # some are empty
    deduplicate(pattern, tmp_path / "out", workers=2)
    assert everything(tmp_path / "out") == everything(out)
    found = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert found["findings"] == manifest.model_dump(mode="json")["findings"]


def test_collections_keep_their_copies_apart(run, tmp_path):
    rows = repeats_corpus(collections=2)
    pattern = write_shards(rows, tmp_path / "documents", 3)
    run(pattern, tmp_path / "together", "deduplicate.scope=collection")
    found = {}
    for number in range(2):
        mine = [row for row in rows if row["collection"] == f"crawl-{number}"]
        run(write_shards(mine, tmp_path / f"documents{number}", 2), tmp_path / f"out{number}")
        found |= {row["doc_id"]: row["text"] for row in read(tmp_path / f"out{number}" / "kept")}
    assert {row["doc_id"]: row["text"] for row in read(tmp_path / "together" / "kept")} == found


def test_an_earlier_corpus_keeps_its_text_and_later_ones_lose_what_it_has(run, tmp_path):
    by_time = ("deduplicate.survivor=[{by: retrieved_at, prefer: lowest}]",)
    cautious = ("deduplicate.lines.min_words_left=1", "deduplicate.substrings.min_words_left=1")
    rows = sorted(repeats_corpus(60), key=lambda row: (row["retrieved_at"], row["doc_id"]))
    earlier = write_shards(rows[:30], tmp_path / "first", 2)
    later = write_shards(rows[30:], tmp_path / "second", 3)
    # Lines only, and no document lost: what an earlier run has cut from a document is no passage of it any more.
    changes = (*by_time, *cautious, NO_SUBSTRINGS)
    run(earlier, tmp_path / "one", *changes)
    before = outputs(tmp_path / "one")
    manifest = run(later, tmp_path / "two", *changes, against=(str(tmp_path / "one"),))
    assert outputs(tmp_path / "one") == before
    run([earlier, later], tmp_path / "both", *changes)
    texts = {row["doc_id"]: row["text"] for out in ("one", "two") for row in read(tmp_path / out / "kept")}
    assert texts == {row["doc_id"]: row["text"] for row in read(tmp_path / "both" / "kept")}
    cut = sum(
        row["signals"]["duplicate"]["cut_lines"] for part in everything(tmp_path / "two").values() for row in part
    )
    assert {finding.name: finding.count for finding in manifest.findings}["lines.cut"] == cut


def test_an_earlier_corpus_is_never_cut_though_it_repeats_itself(run, tmp_path):
    rows = repeats_corpus(30)
    uncut = ("deduplicate.lines.max_copies=99", "deduplicate.substrings.min_words=500")
    run(write_shards(rows[:20], tmp_path / "first", 2), tmp_path / "one", *uncut)
    kept = {row["doc_id"]: row["text"] for row in read(tmp_path / "one" / "kept")}
    assert kept == {row["doc_id"]: row["text"] for row in rows[:20]}
    run(write_shards(rows[20:], tmp_path / "second", 2), tmp_path / "two", against=(str(tmp_path / "one"),))
    texts = {row["doc_id"]: row["text"] for row in read(tmp_path / "two" / "kept")}
    lines = {line for text in kept.values() for line in lines_of(text)}
    runs = {run for text in kept.values() for run in runs_of(words_of(text))}
    originals = {row["doc_id"]: row["text"] for row in rows}
    for doc_id, text in texts.items():
        assert not lines & set(lines_of(text)) & set(lines_of(originals[doc_id]))
        assert not runs & set(runs_of(words_of(text))) & set(runs_of(words_of(originals[doc_id])))
    findings = {finding.name: finding for finding in run_findings(tmp_path / "two")}
    assert findings["lines.cut"].count == sum(
        row["signals"]["duplicate"]["cut_lines"] for part in everything(tmp_path / "two").values() for row in part
    )


def run_findings(out: Path):
    return Manifest.model_validate_json((out / "manifest.json").read_text()).findings


def test_signals_of_filters_stay_and_those_of_an_earlier_cut_are_replaced(run, both, tmp_path):
    out, _ = both
    manifest = run(str(out / "kept" / "*.parquet"), tmp_path / "again", NO_SUBSTRINGS)
    for row in read(tmp_path / "again" / "kept"):
        assert row["signals"] == {"duplicate": {"cut_lines_share": 0.0, "cut_lines": 0}}
    assert manifest.counts.kept == manifest.counts.input
    run(str(out / "kept" / "*.parquet"), tmp_path / "plain", NO_LINES, NO_SUBSTRINGS)
    assert read(tmp_path / "plain" / "kept")[0]["signals"].keys() == {"duplicate"}
    assert everything(tmp_path / "plain")["kept"] == [row | {"duplicate_count": 0} for row in everything(out)["kept"]]


def test_a_new_bound_for_passages_does_not_read_lines_again(run, both, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(both[0], out)
    found = {path: path.stat().st_mtime_ns for path in (out / "stages" / "lines-keys").glob("*.arrow")}
    manifest = run(str(both[0].parent / "documents" / "*.parquet"), out, "deduplicate.substrings.min_words=500")
    assert {path: path.stat().st_mtime_ns for path in found} == found
    assert {finding.name: finding.count for finding in manifest.findings}["substrings.cut"] == 0


@pytest.mark.slow
def test_killed_in_the_middle_it_resumes_to_the_same_bytes(recipe_file, tmp_path):
    """Killed three times in one run, later each time."""
    pattern = write_shards(repeats_corpus(200), tmp_path / "documents", 12)
    unbroken, out = tmp_path / "unbroken", tmp_path / "out"
    subprocess.run(command(recipe_file, pattern, unbroken), check=True, capture_output=True)
    for moment in ("stages/lines-keys", "stages/substrings-windows", "kept"):
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
