"""The document's identity and its tables."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.document import dead_letter_schema, document_id, document_schema, dropped_schema
from schemas.steps.language import Language
from schemas.version import SchemaVersionError, check_version, readable

DIGEST = "0123456789abcdef0123456789abcdef"


def test_identity_is_the_published_hash():
    # xxh3-128 of "https://example.org/a\n0123...", so that ids stay what they are from release to release
    assert document_id("https://example.org/a", DIGEST) == "1f9fe153a02a2826c68c28f5b4fa8545"


@given(st.text(st.characters(exclude_categories=())), st.text(st.characters(exclude_categories=())))
def test_identity_exists_for_any_address_and_differs(first, second):
    # lone surrogates too: addresses come from the open web
    assert (document_id(first, DIGEST) == document_id(second, DIGEST)) == (first == second)
    assert len(document_id(first, DIGEST)) == 32


def test_kept_and_dropped_differ_in_verdict_and_text():
    kept, dropped = document_schema([Language()]), dropped_schema([Language()])
    assert set(dropped.names) - set(kept.names) == {"verdict", "survivor_id", "similarity"}
    assert not kept.field("text").nullable
    assert dropped.field("text").nullable
    assert kept.field("text").type == pa.large_string()
    assert kept.metadata == {b"orchard.schema": b"document", b"orchard.version": b"1.1"}
    assert dropped.metadata[b"orchard.schema"] == b"dropped"
    assert dead_letter_schema().metadata[b"orchard.schema"] == b"dead-letter"


def test_signals_are_typed_by_the_steps_and_say_unit_meaning_and_source():
    step = Language(name="first_look")
    signals = document_schema([step]).field("signals").type
    assert [space.name for space in signals] == ["first_look"]
    score = signals.field("first_look").type.field("score")
    assert (score.type, score.metadata[b"unit"]) == (pa.float32(), b"probability")
    assert b"lid.176" in score.metadata[b"source"]


def test_without_measures_there_is_no_signals_column(tmp_path):
    schema = document_schema([])
    assert "signals" not in schema.names
    pq.write_table(schema.empty_table(), tmp_path / "empty.parquet")  # Parquet has no empty struct


def test_metadata_survives_parquet(tmp_path):
    schema = dropped_schema([Language()])
    pq.write_table(schema.empty_table(), tmp_path / "a.parquet")
    assert pq.read_schema(tmp_path / "a.parquet").equals(schema, check_metadata=True)


@pytest.mark.parametrize(
    ("version", "expected"),
    [("1.0", True), ("1.1", True), ("1.2", False), ("0.9", False), ("2.0", False), ("", False), ("x", False)],
)
def test_readers_take_the_same_major_and_no_newer_minor(version, expected):
    assert readable(version) is expected


def test_what_cannot_be_read_is_refused_with_its_version():
    with pytest.raises(SchemaVersionError, match="schema is dropped, expected document"):
        check_version(dropped_schema([]), "document")
    newer = document_schema([]).with_metadata({b"orchard.schema": b"document", b"orchard.version": b"1.7"})
    with pytest.raises(SchemaVersionError, match=r"version 1\.7 cannot be read by version 1\.1"):
        check_version(newer, "document")
