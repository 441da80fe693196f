"""Files of edges between documents: Parquet or Arrow IPC with the columns ``first`` and ``second`` (uint64)."""

from collections.abc import Iterator, Sequence

import fsspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from filters.clusters.pairs import Pairs

COLUMNS = ("first", "second")
SCHEMA = pa.schema([pa.field(name, pa.uint64(), nullable=False) for name in COLUMNS])
BATCH_EDGES = 1 << 20
"""Edges handed on at once, at most: 16 MB."""


class EdgeFileError(ValueError):
    """A file does not hold edges."""


def count_edges(uris: Sequence[str]) -> int:
    """How many edges the files hold together; reads footers, and of Arrow files the head of each batch.

    Raises EdgeFileError for a file without edges' columns.
    """
    return sum(_count(uri) for uri in uris)


def read_edges(uris: Sequence[str]) -> Iterator[Pairs]:
    """The edges of all files, about `BATCH_EDGES` at once, however small the files' own batches are.

    Raises EdgeFileError for a file without edges' columns, or with nulls in them.
    """
    pending: list[Pairs] = []
    count = 0
    for uri in uris:
        for batch in _batches(uri):
            for start in range(0, batch.num_rows, BATCH_EDGES):
                part = batch.slice(start, BATCH_EDGES)
                if count + part.num_rows > BATCH_EDGES:
                    yield _joined(pending)
                    pending, count = [], 0
                pending.append((_ends(part, "first", uri), _ends(part, "second", uri)))
                count += part.num_rows
    if pending:
        yield _joined(pending)


def _joined(parts: list[Pairs]) -> Pairs:
    return np.concatenate([first for first, _ in parts]), np.concatenate([second for _, second in parts])


def _ends(batch: pa.RecordBatch, name: str, uri: str) -> np.ndarray:
    column = batch.column(name)
    if column.null_count:
        raise EdgeFileError(f"{uri}: column {name} has {column.null_count} nulls, an edge has two ends")
    return column.to_numpy()


def _count(uri: str) -> int:
    filesystem, path = fsspec.core.url_to_fs(uri)
    with filesystem.open(path, "rb") as file:
        if uri.endswith(".parquet"):
            with pq.ParquetFile(file) as parquet:
                _check(parquet.schema_arrow, uri)
                return parquet.metadata.num_rows
        with pa.ipc.open_file(file) as reader:
            _check(reader.schema, uri)
            return sum(reader.get_batch(i).num_rows for i in range(reader.num_record_batches))


def _batches(uri: str) -> Iterator[pa.RecordBatch]:
    filesystem, path = fsspec.core.url_to_fs(uri)
    with filesystem.open(path, "rb") as file:
        if uri.endswith(".parquet"):
            with pq.ParquetFile(file) as parquet:
                _check(parquet.schema_arrow, uri)
                yield from parquet.iter_batches(batch_size=BATCH_EDGES, columns=list(COLUMNS))
        else:
            with pa.ipc.open_file(file) as reader:
                _check(reader.schema, uri)
                for i in range(reader.num_record_batches):
                    yield reader.get_batch(i)


def _check(schema: pa.Schema, uri: str) -> None:
    for name in COLUMNS:
        index = schema.get_field_index(name)
        if index < 0 or schema.field(index).type != pa.uint64():
            found = "no such column" if index < 0 else str(schema.field(index).type)
            raise EdgeFileError(f"{uri}: an edge file has the uint64 columns first and second; {name} is {found}")
