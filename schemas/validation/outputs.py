"""Checks Parquet files that Orchard wrote against their contract; memory is bounded by one batch."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow makes the functions of pyarrow.compute when it is imported)

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pydantic import BaseModel

from schemas.arrow import arrow_schema
from schemas.contracts import TABLES
from schemas.token_shard import token_list
from schemas.validation.constraints import constraints
from schemas.validation.violation import Violation, ViolationError, show
from schemas.version import SchemaVersionError, check_version, schema_name

MAX_BATCH_ROWS = 2048
BATCH_BYTES = 32 << 20
"""About how much is held in memory at a time, as it is in the row group on average."""

TALLIED: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "dropped": (("verdict", "rule"),),
    "dead-letter": (("error_class",),),
    "rejected-sample": (("gate",), ("reason",)),
    "failed-request": (("reason",),),
}
"""What a manifest counts the rows of a file by: the values of these columns, a full stop between them."""
PREFIX = {"failed-request": "failed."}
"""What a manifest puts before them."""


@dataclass(frozen=True)
class Checked:
    """A file that keeps its contract."""

    contract: str
    rows: int
    tally: Mapping[str, int]
    """Rows by rule (dropped), class of error (dead letters), gate and reason (rejected), or reason (failures)."""


def validate_table(name: str, parquet: pq.ParquetFile, contract: str | None = None) -> Checked:
    """Check a Parquet file: schema, version, and every value of every row.

    ``contract`` is the one expected, None: the one that the file names. Raises ViolationError at the first violation.
    """
    schema = parquet.schema_arrow
    contract = contract or schema_name(schema) or "document"
    if contract not in TABLES:
        raise _at(name, f"schema {contract} is unknown; known are {', '.join(TABLES)}")
    try:
        check_version(schema, contract)
    except SchemaVersionError as error:
        raise _at(name, str(error)) from error
    _check_columns(name, schema, TABLES[contract])
    tally: Counter[str] = Counter()
    for row_group, first_row, batch in batches(name, parquet):
        _check_rows(name, batch, TABLES[contract], row_group, first_row)
        if contract in TALLIED:
            values = (_values(batch, path).to_pylist() for path in TALLIED[contract])
            tally.update(PREFIX.get(contract, "") + ".".join(parts) for parts in zip(*values, strict=True))
    return Checked(contract, parquet.metadata.num_rows, dict(sorted(tally.items())))


def batches(name: str, parquet: pq.ParquetFile) -> Iterator[tuple[int, int, pa.RecordBatch]]:
    """Row group, number of the first row, and rows of every batch. Raises ViolationError for damaged data."""
    first_row = 0
    for row_group in range(parquet.metadata.num_row_groups):
        size = parquet.metadata.row_group(row_group)
        rows = min(MAX_BATCH_ROWS, max(1, BATCH_BYTES * size.num_rows // max(1, size.total_byte_size)))
        try:
            for batch in parquet.iter_batches(rows, row_groups=[row_group]):
                _check_encoding(name, batch, row_group, first_row)
                yield row_group, first_row, batch
                first_row += len(batch)
        except (pa.ArrowException, OSError) as error:
            raise ViolationError(Violation(name, f"cannot be read: {error}", row_group, first_row)) from error


def _check_encoding(name: str, batch: pa.RecordBatch, row_group: int, first_row: int) -> None:
    """Raise ViolationError for text that is not UTF-8 (Parquet readers do not look), ArrowInvalid for other damage."""
    try:
        batch.validate(full=True)
    except pa.ArrowInvalid:
        for column in batch.schema:
            if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
                for row, value in enumerate(batch.column(column.name).cast(pa.large_binary()).to_pylist()):
                    if value is not None and not _is_utf8(value):
                        place = (row_group, first_row + row, column.name, show(value))
                        raise ViolationError(Violation(name, "expected UTF-8", *place)) from None
        raise


def _is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _check_columns(name: str, schema: pa.Schema, model: type[BaseModel]) -> None:
    """Every column of the contract is there in its type; nullable ones may be missing (an older minor version)."""
    expected = arrow_schema(model)
    for field in expected:
        position = schema.get_field_index(field.name)
        if position < 0 and (field.nullable or field.name == "signals"):
            continue
        if position < 0:
            raise _at(name, f"is missing, expected {field.type}", field.name)
        found = schema.field(position)
        if field.name == "signals":
            _check_signals(name, found.type)
        elif field.name == "tokens":
            _check_ids(name, found)
        elif (found.type, found.nullable) != (field.type, field.nullable):
            raise _at(name, f"is {_typed(found)}, expected {_typed(field)}", field.name)
    extra = next((column for column in schema.names if column not in expected.names), None)
    if extra is not None:
        raise _at(name, f"is not part of the contract, which has {', '.join(expected.names)}", extra)


def _check_signals(name: str, dtype: pa.DataType) -> None:
    if not pa.types.is_struct(dtype) or not all(pa.types.is_struct(space.type) for space in dtype):
        raise _at(name, f"is {dtype}, expected a struct of structs", "signals")


def _check_ids(name: str, found: pa.Field) -> None:
    if found.nullable or found.type not in {token_list(16), token_list(32)}:
        expected = " or ".join(str(token_list(bits)) for bits in (16, 32))
        raise _at(name, f"is {_typed(found)}, expected {expected} not null", "tokens")


def _check_rows(name: str, batch: pa.RecordBatch, model: type[BaseModel], row_group: int, first_row: int) -> None:
    """Raise ViolationError for the first row that breaks a rule."""
    broken = [*_broken_constraints(batch, model), *_not_numbers(batch), *_unknown_rules(batch), *_wrong_lengths(batch)]
    if not broken:
        return
    row, path, expected = min(broken, key=lambda found: found[0])
    value = show(_values(batch, path)[row].as_py())
    raise ViolationError(Violation(name, f"expected {expected}", row_group, first_row + row, ".".join(path), value))


Broken = tuple[int, tuple[str, ...], str]
"""Row within the batch, column, and what was expected."""


def _broken_constraints(batch: pa.RecordBatch, model: type[BaseModel]) -> Iterator[Broken]:
    """For each column, the first row that breaks its rule."""
    for constraint in constraints(model):
        if constraint.path[0] in batch.schema.names:
            rows = constraint.broken(batch)
            if len(rows):
                yield int(rows[0]), constraint.path, constraint.describe()


def _not_numbers(batch: pa.RecordBatch) -> Iterator[Broken]:
    """For each signal, the first NaN: no bound means anything for it, what could not be measured is null."""
    for path in _signal_paths(batch.schema):
        values = _values(batch, path)
        if pa.types.is_floating(values.type):
            rows = np.flatnonzero(pc.fill_null(pc.is_nan(values), False).to_numpy(zero_copy_only=False))
            if len(rows):
                yield int(rows[0]), path, "a number, or null where it could not be measured"


def _unknown_rules(batch: pa.RecordBatch) -> Iterator[Broken]:
    """The first verdict by a rule of a family that the file has, on a signal that it has not."""
    if "verdict" not in batch.schema.names:
        return
    paths = _signal_paths(batch.schema)
    rules = _values(batch, ("verdict", "rule"))
    known = pc.is_in(rules, pa.array([".".join(path[1:]) for path in paths], pa.string()))
    family = pc.list_element(pc.split_pattern(rules, ".", max_splits=1), 0)
    ours = pc.is_in(family, pa.array([path[1] for path in paths], pa.string()))
    rows = np.flatnonzero(pc.and_not(ours, known).to_numpy(zero_copy_only=False))
    if len(rows):
        yield int(rows[0]), ("verdict", "rule"), "the path of one of the file's signals"


def _wrong_lengths(batch: pa.RecordBatch) -> Iterator[Broken]:
    """The first row whose ``length`` is not that of its tokens."""
    if "tokens" not in batch.schema.names:
        return
    lengths = pc.list_value_length(batch.column("tokens"))
    rows = np.flatnonzero(pc.not_equal(batch.column("length"), lengths).fill_null(False).to_numpy(zero_copy_only=False))
    if len(rows):
        yield int(rows[0]), ("length",), "the number of its tokens"


def _signal_paths(schema: pa.Schema) -> list[tuple[str, ...]]:
    spaces = schema.field("signals").type if "signals" in schema.names else ()
    return [("signals", space.name, signal.name) for space in spaces for signal in space.type]


def _values(batch: pa.RecordBatch, path: tuple[str, ...]) -> pa.Array:
    values = batch.column(path[0])
    for name in path[1:]:
        values = pc.struct_field(values, name)
    return values


def _typed(field: pa.Field) -> str:
    return f"{field.type}{'' if field.nullable else ' not null'}"


def _at(name: str, message: str, column: str | None = None) -> ViolationError:
    return ViolationError(Violation(name, message, column=column))
