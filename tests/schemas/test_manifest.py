"""Manifests add up, or do not exist."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.manifest import ConservationError, Counts, InputFile, Manifest, OutputFile, RunFacts, ShardRecord

NOW = datetime(2024, 7, 31, tzinfo=UTC)
FACTS = RunFacts(
    recipe={"name": "x"},
    recipe_fingerprint="f",
    code_version="0.1.0",
    environment={"python": "3.11.7"},
    seeds={"run": 0},
)


def outputs(shard, **rows):
    names = {kind.replace("_", "-"): count for kind, count in rows.items()}
    return tuple(
        OutputFile(path=f"{kind}/{shard}.parquet", rows=count, bytes=10, digest="0" * 32)
        for kind, count in names.items()
    )


def record(shard, counts, **rows):
    return ShardRecord(
        stage="filter",
        shard=shard,
        fingerprint="f",
        input=InputFile(path=f"{shard}.warc.gz", rows=counts.input, bytes=9),
        outputs=outputs(shard, **rows),
        counts=counts,
        seconds=2.0,
        cpu_seconds=1.5,
        peak_memory_bytes=int(shard[-1]),
    )


def manifest(records):
    return Manifest.of_shards("filter", "f", records, facts=FACTS, started_at=NOW, finished_at=NOW)


def test_a_stage_is_the_sum_of_its_shards_in_any_order():
    records = [
        record(
            "a1",
            Counts(input=5, kept=2, dropped={"gopher.word_count": 2}, dead_letters={"Timeout": 1}),
            kept=2,
            dropped=2,
            dead_letters=1,
        ),
        record(
            "b7",
            Counts(input=4, kept=1, dropped={"c4.sentences": 1, "gopher.word_count": 1}, skipped={"request": 1}),
            kept=1,
            dropped=2,
            dead_letters=0,
        ),
        record("c3", Counts(), kept=0, dropped=0, dead_letters=0),
    ]
    whole = manifest(records)
    assert whole.counts == Counts(
        input=9,
        kept=3,
        dropped={"c4.sentences": 1, "gopher.word_count": 3},
        dead_letters={"Timeout": 1},
        skipped={"request": 1},
    )
    assert (whole.shards, whole.peak_memory_bytes, whole.timings.shard_seconds) == (3, 7, 6.0)
    random.Random(1).shuffle(records)
    assert manifest(records).model_dump_json() == whole.model_dump_json()
    assert Manifest.model_validate_json(whole.model_dump_json()) == whole


def test_a_lost_document_stops_the_shard_by_name_and_numbers():
    with pytest.raises(ConservationError, match=r"filter, shard a1: 5 records in, but 2 kept \+ 2 dropped \+ 0 dead"):
        record("a1", Counts(input=5, kept=2, dropped={"c4.sentences": 2}), kept=2, dropped=2, dead_letters=0)


def test_rows_written_must_be_those_counted():
    counts = Counts(input=4, kept=2, dropped={"c4.sentences": 2})
    with pytest.raises(ConservationError, match="2 dropped counted, but 1 rows of dropped written"):
        record("a1", counts, kept=2, dropped=1, dead_letters=0)


def test_a_manifest_read_back_is_checked_again():
    text = manifest([record("a1", Counts(input=1, kept=1), kept=1)]).model_dump_json()
    with pytest.raises(ConservationError, match="2 records in"):
        Manifest.model_validate_json(text.replace('"input":1', '"input":2'))


TALLY = st.dictionaries(st.sampled_from(["a.x", "b.y", "c.z"]), st.integers(0, 50))


@given(TALLY, TALLY, TALLY, st.integers(0, 50), st.integers(-3, 3))
def test_conservation_holds_exactly_when_nothing_is_missing(dropped, dead, skipped, kept, missing):
    entered = kept + sum(dropped.values()) + sum(dead.values()) + sum(skipped.values())
    if entered + missing < 0:
        return
    counts = Counts(input=entered + missing, kept=kept, dropped=dropped, dead_letters=dead, skipped=skipped)
    if missing:
        with pytest.raises(ConservationError):
            counts.check("s")
    else:
        counts.check("s")


@given(st.lists(TALLY.map(lambda tally: Counts(input=sum(tally.values()), dropped=tally)), max_size=4))
def test_adding_counts_keeps_every_name(parts):
    whole = sum(parts, Counts())
    for name in ("a.x", "b.y", "c.z"):
        assert whole.dropped.get(name, 0) == sum(part.dropped.get(name, 0) for part in parts)
