"""Our presets give the recorded verdicts of the published reference code on the same real texts."""

import gzip
import json

import pytest

from benchmarks.conformance.compare import differing_values, outcomes, read_verdicts
from benchmarks.conformance.families import FAMILIES
from benchmarks.conformance.record import write
from benchmarks.conformance.texts import distinct_texts, text_digest

RECORDED = ("gopher", "repetition", "fineweb")


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
        reason = recorded[digest]["reason"]
        if ours.rule != (family.reasons[reason] if reason else None):
            differing[digest] = ours.rule
    assert differing == explained


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
