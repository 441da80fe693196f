"""Checks packed shards: every sequence has its length, and its segments say where each token comes from."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from schemas.packed_shard import NAME, PackedFacts, has_teacher, packed_schema, read_facts
from schemas.validation.outputs import Checked, batches
from schemas.validation.violation import Violation, ViolationError, show
from schemas.version import SchemaVersionError

Broken = tuple[np.ndarray, str, pa.Array, str]
"""Which rows break a rule (bool), the column that shows it, its values, and what was expected."""


def validate_packed(name: str, parquet: pq.ParquetFile, first_index: int | None = None) -> Checked:
    """Check a packed shard; ``first_index`` is that of its first row, None: as it is.

    Raises ViolationError at the first violation. Memory is bounded by one batch.
    """
    schema = parquet.schema_arrow
    try:
        facts = read_facts(schema)
    except (SchemaVersionError, KeyError, ValueError) as error:
        raise ViolationError(Violation(name, f"its metadata cannot be read: {error}")) from error
    expected = packed_schema(facts, teacher=has_teacher(schema))
    for field in expected:
        place = schema.get_field_index(field.name)
        if place < 0 or schema.field(place).type != field.type:
            found = "is missing" if place < 0 else f"is {schema.field(place).type}"
            raise ViolationError(Violation(name, f"{found}, expected {field.type}", column=field.name))
    index = first_index
    for row_group, first_row, batch in batches(name, parquet):
        begin = batch.column("index")[0].as_py() if index is None else index
        for broken, column, values, wanted in _rules(batch, facts, begin):
            if broken.any():
                row = int(np.flatnonzero(broken)[0])
                place = (row_group, first_row + row, column, show(values[row].as_py()))
                raise ViolationError(Violation(name, f"expected {wanted}", *place))
        index = begin + batch.num_rows
    return Checked(NAME, parquet.metadata.num_rows, {})


def _rules(batch: pa.RecordBatch, facts: PackedFacts, first_index: int) -> Iterator[Broken]:
    """The rules in order: each may rely on those before."""
    length, index = batch.column("length"), batch.column("index")
    wanted = np.arange(first_index, first_index + batch.num_rows)
    yield index.to_numpy() != wanted, "index", index, f"{first_index} and then one more each row"
    for name in ("tokens", *(("teacher_token", "teacher_weight") if "teacher_token" in batch.schema.names else ())):
        lists = batch.column(name)
        counts = pc.list_value_length(lists)
        yield counts.to_numpy() != facts.sequence_length, name, counts, f"a list of {facts.sequence_length}"
        if name != "teacher_weight":
            ids = lists.flatten().to_numpy().reshape(-1, facts.sequence_length)
            yield (ids >= facts.vocab_size).any(axis=1), name, lists, f"ids below {facts.vocab_size}"
    lengths = length.to_numpy()
    yield (lengths < 1) | (lengths > facts.sequence_length), "length", length, f"1 to {facts.sequence_length}"
    ids = batch.column("tokens").flatten().to_numpy().reshape(-1, facts.sequence_length)
    is_padding = np.arange(facts.sequence_length)[None, :] >= lengths[:, None]
    no_padding = (is_padding & (ids != facts.padding_id)).any(axis=1)
    yield no_padding, "tokens", batch.column("tokens"), f"{facts.padding_id} after the first `length` of them"
    yield _gaps(batch), "segments", batch.column("segments"), "segments that cover the first `length` tokens in order"


def _gaps(batch: pa.RecordBatch) -> np.ndarray:
    """bool[rows]: whether the segments of a row leave anything out, or overlap."""
    lists = batch.column("segments")
    counts, segments = pc.list_value_length(lists).to_numpy(), lists.flatten()
    start, length, offset = (
        pc.struct_field(segments, name).to_numpy().astype(np.int64) for name in ("start", "length", "document_offset")
    )
    row = np.repeat(np.arange(batch.num_rows), counts)
    ends = np.cumsum(length)
    before = np.concatenate([[0], ends])[np.cumsum(counts) - counts]
    wrong = (start != ends - length - before[row]) | (length < 1) | (offset < 0)
    covered = np.bincount(row, weights=length, minlength=batch.num_rows)
    return (np.bincount(row, weights=wrong, minlength=batch.num_rows) > 0) | (
        covered != batch.column("length").to_numpy()
    )
