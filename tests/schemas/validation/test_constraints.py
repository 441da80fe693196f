"""The vectorised checks of a table and pydantic's checks of a record are of one mind."""

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.arrow import arrow_schema
from schemas.document import DeadLetter, DroppedDocument
from schemas.validation.constraints import constraints

HEX = st.text("0123456789abcdef", min_size=31, max_size=33)
TEXT = st.text(max_size=3)
PROVENANCE = st.fixed_dictionaries(
    {
        "container": TEXT,
        "offset": st.none() | st.integers(-2, 5),
        "length": st.none() | st.integers(-2, 5),
        "digest": st.none() | HEX,
    }
)
DROPPED = st.fixed_dictionaries(
    {
        "doc_id": HEX,
        "text": st.none() | TEXT,
        "uri": TEXT,
        "source": st.sampled_from(["web", "math-qa", "wiki", ""]),
        "collection": TEXT,
        "date": st.none() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2,3}", fullmatch=True),
        "language_score": st.none() | st.floats(-0.5, 1.5),
        "provenance": PROVENANCE,
        "verdict": st.fixed_dictionaries(
            {
                "stage": TEXT,
                "rule": st.sampled_from(["gopher.word_count", "gopher", "Gopher.x", "a.b.c"]),
                "value": st.none() | st.floats(allow_nan=False),
                "bound": TEXT,
            }
        ),
    }
)
DEAD_LETTERS = st.fixed_dictionaries(
    {
        "uri": st.none() | TEXT,
        "provenance": PROVENANCE,
        "stage": TEXT,
        "error_class": TEXT,
        "message": TEXT,
    }
)


def valid(model, record):
    try:
        model.model_validate(record)
    except ValidationError:
        return False
    return True


def broken_rows(model, records):
    schema = pa.schema([field for field in arrow_schema(model) if field.name != "signals"])
    batch = pa.RecordBatch.from_pylist(records, schema=schema)
    return {int(row) for check in constraints(model) if check.path[0] in schema.names for row in check.broken(batch)}


@settings(max_examples=200)
@given(st.lists(DROPPED, min_size=1, max_size=6))
def test_a_row_is_broken_exactly_where_pydantic_refuses_it(records):
    refused = {row for row, record in enumerate(records) if not valid(DroppedDocument, record)}
    assert broken_rows(DroppedDocument, records) == refused


@given(st.lists(DEAD_LETTERS, min_size=1, max_size=6))
def test_dead_letters_too(records):
    assert broken_rows(DeadLetter, records) == {
        row for row, record in enumerate(records) if not valid(DeadLetter, record)
    }


def test_a_missing_verdict_is_one_violation_and_its_fields_are_not_asked():
    column = pa.array([None], next(f.type for f in arrow_schema(DroppedDocument) if f.name == "verdict"))
    batch = pa.RecordBatch.from_arrays([column], ["verdict"])
    checks = [check for check in constraints(DroppedDocument) if check.path[0] == "verdict"]
    assert [check.column for check in checks if len(check.broken(batch))] == ["verdict"]


def test_what_is_expected_is_said_in_words():
    words = {check.column: check.describe() for check in constraints(DroppedDocument)}
    assert words["doc_id"] == "like ^[0-9a-f]{32}$ and not null"
    assert words["provenance.offset"] == ">= 0"
    assert words["verdict"] == "not null"
