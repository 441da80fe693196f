"""Checks foreign Parquet and JSONL that is meant as input; memory is bounded by one batch or one line."""

import json
from collections.abc import Sequence
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.validation.outputs import batches
from schemas.validation.violation import Violation, ViolationError, show


def validate_parquet_input(name: str, parquet: pq.ParquetFile, text_columns: Sequence[str]) -> int:
    """Check that a Parquet file has a text column, by the first of ``text_columns``, with text in every row.

    Returns the number of rows. Raises ViolationError at the first violation.
    """
    schema = parquet.schema_arrow
    column = next((column for column in text_columns if column in schema.names), None)
    if column is None:
        message = f"has no text column: expected one of {', '.join(text_columns)}, found {', '.join(schema.names)}"
        raise ViolationError(Violation(name, message))
    if not _is_text(schema.field(column).type):
        message = f"is {schema.field(column).type}, expected string or large_string"
        raise ViolationError(Violation(name, message, column=column))
    for row_group, first_row, batch in batches(name, parquet):
        nulls = np.flatnonzero(batch.column(column).is_null().to_numpy(zero_copy_only=False))
        if len(nulls):
            row = first_row + int(nulls[0])
            raise ViolationError(Violation(name, "expected text", row_group, row, column, "None"))
    return parquet.metadata.num_rows


def validate_jsonl_input(name: str, lines: IO[bytes], text_columns: Sequence[str], max_line_bytes: int) -> int:
    """Check that every line is a JSON object in UTF-8 with text under the first of ``text_columns`` that it has.

    ``lines`` is decompressed already; blank lines are passed over. Returns the number of objects.
    Raises ViolationError at the first violation.
    """
    row = objects = 0
    while True:
        try:
            line = lines.readline(max_line_bytes + 1)
        except (OSError, EOFError, ValueError) as error:
            raise ViolationError(Violation(name, f"cannot be read: {error}", row=row)) from error
        if not line:
            return objects
        if len(line) > max_line_bytes:
            raise ViolationError(Violation(name, f"the line is longer than {max_line_bytes} bytes", row=row))
        if line.strip():
            _check_object(name, line, row, text_columns)
            objects += 1
        row += 1


def _check_object(name: str, line: bytes, row: int, text_columns: Sequence[str]) -> None:
    try:
        value = json.loads(line)
    except ValueError as error:  # of JSON and of UTF-8
        raise ViolationError(Violation(name, f"expected JSON: {error}", row=row, value=show(line))) from error
    if not isinstance(value, dict):
        raise ViolationError(Violation(name, "expected a JSON object", row=row, value=show(value)))
    column = next((column for column in text_columns if column in value), None)
    if column is None:
        message = f"has no text: expected one of {', '.join(text_columns)}, found {', '.join(value)}"
        raise ViolationError(Violation(name, message, row=row))
    text = value[column]
    if not isinstance(text, str):
        raise ViolationError(Violation(name, "expected text", row=row, column=column, value=show(text)))
    try:
        text.encode()
    except UnicodeEncodeError as error:
        message = "expected Unicode text, found half of a surrogate pair"
        raise ViolationError(Violation(name, message, row=row, column=column, value=show(text))) from error


def _is_text(dtype: pa.DataType) -> bool:
    if pa.types.is_dictionary(dtype):
        return _is_text(dtype.value_type)
    return pa.types.is_string(dtype) or pa.types.is_large_string(dtype) or pa.types.is_string_view(dtype)
