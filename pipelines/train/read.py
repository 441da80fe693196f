"""Reads labelled texts from Parquet and JSONL files."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import fsspec
import pyarrow.parquet as pq

from pipelines.read.files import Format, find_inputs
from pipelines.train.errors import TrainingError
from pipelines.train.request import NEGATIVE, POSITIVE, TrainingRequest
from pipelines.train.sample import Example

CHUNK = 1000
"""Texts that are read before they are looked at."""

Row = Mapping[str, object] | None
"""The fields of a record, None for one that cannot be read."""


@dataclass(frozen=True)
class Input:
    """A file, and the label of all its texts or None where each has its own."""

    path: str
    format: Format
    label: str | None


def find_training_inputs(request: TrainingRequest) -> list[Input]:
    """The files of a request, sorted.

    Raises ``InputError`` for a pattern without a readable file, ``TrainingError`` for a file of both kinds or of pages.
    """
    kinds = ((request.positive, POSITIVE), (request.negative, NEGATIVE), (request.labelled, None))
    inputs = [
        Input(file.uri, file.format, label) for patterns, label in kinds if patterns for file in find_inputs(patterns)
    ]
    labels: dict[str, str | None] = {}
    for found in inputs:
        if found.format == "warc":
            raise TrainingError(f"{found.path} holds pages; make texts of them first: orchard run RECIPE --input ...")
        if labels.setdefault(found.path, found.label) != found.label:
            raise TrainingError(f"{found.path} is given as positive and as negative; a text can only be one")
    return inputs


def read_examples(found: Input, request: TrainingRequest) -> Iterator[tuple[list[Example], int]]:
    """The texts of a file in chunks, each with the number of records that have no text or no label.

    Raises ``TrainingError`` where the file cannot be read, lacks a field or holds a label that is no number where a
    threshold was given.
    """
    rows = _rows(found, request)
    while chunk := list(islice(rows, CHUNK)):
        examples = [_example(row, found, request) for row in chunk]
        readable = [example for example in examples if example is not None]
        yield readable, len(chunk) - len(readable)


def _rows(found: Input, request: TrainingRequest) -> Iterator[Row]:
    is_parquet = found.format == "parquet"
    try:
        with fsspec.open(found.path, "rb", compression=None if is_parquet else "infer") as file:
            if is_parquet:
                table = pq.ParquetFile(file)
                wanted = {request.text_column, request.label_column, request.uri_column, "uri", "url"}
                columns = [name for name in table.schema_arrow.names if name in wanted]
                for batch in table.iter_batches(CHUNK, columns=columns):
                    yield from batch.to_pylist()
            else:
                yield from map(_parse, file)
    except (OSError, EOFError, ValueError) as error:
        if isinstance(error, TrainingError):
            raise
        raise TrainingError(f"{found.path} cannot be read: {error}; inputs are Parquet or JSONL (.gz, .zst)") from error


def _parse(line: bytes) -> Row:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) else None


def _example(row: Row, found: Input, request: TrainingRequest) -> Example | None:
    if row is None:
        return None
    text = _field(row, request.text_column, found)
    label = found.label or _label(_field(row, request.label_column, found), found, request)
    if not isinstance(text, str) or label is None:
        return None
    uri = row.get(request.uri_column) if request.uri_column else row.get("uri") or row.get("url")
    # A lone surrogate, which JSON can write, is no character: fastText and Arrow read UTF-8.
    clean = text.encode(errors="replace").decode()
    return Example(clean, label, uri if isinstance(uri, str) else None)


def _field(row: Mapping[str, object], name: str, found: Input) -> object:
    if name not in row:
        raise TrainingError(f"{found.path} has a record without {name!r}, only {', '.join(row)}; name it by an option")
    return row[name]


def _label(value: object, found: Input, request: TrainingRequest) -> str | None:
    """The class of a label, None where the record has none."""
    if value is None:
        return None
    if request.threshold is not None:
        try:
            return POSITIVE if float(str(value)) >= request.threshold else NEGATIVE
        except ValueError as error:
            raise TrainingError(f"{found.path}: label {value!r} is no number, but --threshold is given") from error
    if request.positive_labels:
        return POSITIVE if str(value) in request.positive_labels else NEGATIVE
    # fastText ends a label at white space.
    return "_".join(str(value).split()) or None
