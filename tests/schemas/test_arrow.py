"""The Arrow schema follows from the pydantic model."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import create_model

from schemas.arrow import ArrowType, arrow_schema
from schemas.strict import StrictModel


class Inner(StrictModel):
    size: int
    note: str | None = None


class Outer(StrictModel):
    name: str
    """What it is
    called."""
    kind: Literal["a", "b"]
    seen: datetime | None = None
    body: Annotated[str, ArrowType(pa.large_string())]
    maybe_body: Annotated[str, ArrowType(pa.large_string())] | None = None
    inner: Inner
    inners: tuple[Inner, ...] = ()
    marks: list[float | None]


def test_types_nullability_and_docs_follow_from_annotations():
    inner = pa.struct([pa.field("size", pa.int64(), nullable=False), pa.field("note", pa.string())])
    assert arrow_schema(Outer) == pa.schema(
        [
            pa.field("name", pa.string(), nullable=False),
            pa.field("kind", pa.string(), nullable=False),
            pa.field("seen", pa.timestamp("us", tz="UTC")),
            pa.field("body", pa.large_string(), nullable=False),
            pa.field("maybe_body", pa.large_string()),
            pa.field("inner", inner, nullable=False),
            pa.field("inners", pa.list_(pa.field("element", inner, nullable=False)), nullable=False),
            pa.field("marks", pa.list_(pa.field("element", pa.float64())), nullable=False),
        ]
    )
    assert arrow_schema(Outer).field("name").metadata == {b"description": b"What it is called."}


def test_a_record_survives_the_way_through_arrow():
    record = Outer(
        name="x",
        kind="b",
        body="y",
        inner=Inner(size=3),
        inners=(Inner(size=1, note="n"),),
        marks=[0.5, None],
        seen=datetime(2024, 7, 31, 12, 0, 0, 123456, tzinfo=UTC),
    )
    table = pa.Table.from_pylist([record.model_dump()], schema=arrow_schema(Outer))
    assert Outer.model_validate(table.to_pylist()[0]) == record


@pytest.mark.parametrize("annotation", [object, dict[str, int], int | str, Literal[1, 2]])
def test_what_has_no_arrow_form_is_named(annotation):
    model = create_model("Odd", field=(annotation, ...))
    with pytest.raises(TypeError, match=r"Odd\.field: no Arrow type for"):
        arrow_schema(model)


_ANNOTATIONS = st.recursive(
    st.sampled_from([str, int, float, bool, datetime]),
    lambda inner: inner.map(lambda kind: tuple[kind, ...]),
    max_leaves=3,
)


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(_ANNOTATIONS, st.booleans()), min_size=1))
def test_nullable_exactly_where_the_model_takes_none(fields):
    model = create_model("M", **{name: (kind | None if null else kind, ...) for name, (kind, null) in fields.items()})
    schema = arrow_schema(model)
    assert schema.names == list(fields)
    assert {field.name: field.nullable for field in schema} == {name: null for name, (_, null) in fields.items()}
