"""Our presets give the recorded verdicts of the published reference code on the same real texts."""

import gzip
import json
from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.conformance.compare import differing_values, outcomes, read_verdicts
from benchmarks.conformance.families import FAMILIES
from benchmarks.conformance.record import write
from benchmarks.conformance.texts import distinct_texts, text_digest
from filters.batch import Batch
from filters.registry import prepare
from schemas.steps.c4 import C4BadWords

RECORDED = ("gopher", "repetition", "fineweb", "c4_tfds", "c4_datatrove", "dclm", "refinedweb")


@pytest.fixture(scope="module")
def texts(shared_data):
    return distinct_texts(sorted((shared_data / "web").glob("web-dev-0*.warc.gz")))


@pytest.mark.parametrize("name", RECORDED)
def test_verdicts_are_those_of_the_reference(name, texts, repository):
    golden = repository / "tests" / "golden"
    recorded = read_verdicts(golden / f"{name}.jsonl.gz")
    listed = [json.loads(line) for line in (golden / "disagreements.jsonl").read_text().splitlines()]
    explained = {item["digest"]: item["ours"] for item in listed if item["family"] == name}
    family = FAMILIES[name]
    known = [digest for digest in texts if digest in recorded]
    assert len(known) >= 2_000, "the texts have changed: record the reference's verdicts again"
    differing = {}
    for digest, ours in zip(known, outcomes([texts[digest] for digest in known], family), strict=True):
        reason, edited = recorded[digest]["reason"], recorded[digest].get("edited")
        if ours.rule != (family.reasons[reason] if reason else None):
            differing[digest] = ours.rule
        elif edited and edited != text_digest(ours.text):
            differing[digest] = "another text"
    assert differing == explained


def test_bad_words_are_found_in_the_languages_in_which_the_reference_finds_them(texts, repository):
    recorded = read_verdicts(repository / "tests" / "golden" / "bad_words.jsonl.gz")
    known = [digest for digest in texts if digest in recorded]
    measure = prepare(C4BadWords())
    text = pa.array([texts[digest] for digest in known], pa.large_string())
    found = defaultdict(list)
    for path in (repository / "filters" / "lists" / "ldnoobw").glob("??.txt"):
        language = pa.repeat(path.stem, len(text))
        signals = measure(Batch(text, language, language)).signals
        for row in np.flatnonzero(signals["found"].to_numpy()):
            found[known[row]].append(path.stem)
    expected = {digest: verdict["reason"] for digest, verdict in recorded.items() if verdict["reason"]}
    assert len(known) >= 2_000
    assert len(expected) > 300
    two_letters = {digest: [code for code in reason.split() if len(code) == 2] for digest, reason in expected.items()}
    assert {digest: sorted(codes) for digest, codes in found.items()} == {d: c for d, c in two_letters.items() if c}


@pytest.mark.parametrize("name", RECORDED)
def test_every_reason_of_the_reference_stands_for_a_rule_of_ours(name):
    rules = {code for step in FAMILIES[name].steps for code in step.rules()}
    assert set(FAMILIES[name].reasons.values()) == rules


def test_values_differ_where_they_are_other_numbers():
    ours = {"a": 0.1, "b": None, "c": 2.0, "d": 0.0}
    assert differing_values(ours, {"a": 0.1, "b": 1.0, "c": 2.1, "d": 0.0}) == ["b", "c"]
    assert differing_values(ours, {"b": float("nan")}) == []


def test_recorded_verdicts_are_read_as_they_were_written(tmp_path):
    verdicts = [{"digest": text_digest("b"), "reason": None}, {"digest": text_digest("a"), "reason": "short"}]
    write(tmp_path / "first.gz", verdicts)
    write(tmp_path / "second.gz", verdicts[::-1])
    assert (tmp_path / "first.gz").read_bytes() == (tmp_path / "second.gz").read_bytes()
    assert read_verdicts(tmp_path / "first.gz")[text_digest("a")]["reason"] == "short"
    assert b"\n" in gzip.decompress((tmp_path / "first.gz").read_bytes())
