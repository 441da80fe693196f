"""One Parquet shard, written in bounded memory and read back a row group at a time."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import fsspec
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipelines.engine.outputs.files import atomic_output
from schemas.manifest import OutputFile
from schemas.recipe.write import WriteSettings


class ShardWriter:
    """Collects batches into row groups of the recipe's size and writes them to one file.

    Memory is bounded by one row group. The file appears at the end of the ``with`` block; an exception leaves nothing.
    """

    def __init__(self, uri: str, name: str, schema: pa.Schema, settings: WriteSettings) -> None:
        """``name`` is the path that the manifest gives, relative to the run's folder."""
        self._uri, self._name, self._schema = uri, name, schema
        self._settings = settings
        self._stack = ExitStack()
        self._pending: list[pa.RecordBatch] = []
        self._pending_bytes = 0
        self._rows = 0
        self.output: OutputFile | None = None
        """What was written, known after the block."""

    def __enter__(self) -> Self:
        self._file = self._stack.enter_context(atomic_output(self._uri))
        self._writer = pq.ParquetWriter(
            pa.PythonFile(self._file, mode="w"),
            self._schema,
            compression="zstd",
            compression_level=self._settings.compression_level,
            use_dictionary=dictionary_columns(self._schema),  # pyright: ignore[reportArgumentType]
            write_page_index=True,
        )
        return self

    def write(self, batch: pa.RecordBatch) -> None:
        """Add rows; they reach the file when a row group is full."""
        if not batch.num_rows:
            return
        self._pending.append(batch)
        self._pending_bytes += batch.nbytes
        if self._pending_bytes >= self._settings.row_group_mb << 20:
            self.end_row_group()

    def end_row_group(self) -> None:
        """Write what is pending as a row group of its own."""
        if self._pending:
            table = pa.Table.from_batches(self._pending, self._schema)
            self._writer.write_table(table, row_group_size=max(1, table.num_rows))
            self._rows += table.num_rows
        self._pending, self._pending_bytes = [], 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is not None:
            self._abandon(error)
            return
        try:
            self.end_row_group()
            self._writer.close()
        except BaseException as last:  # a full disk may show at the last write only
            self._abandon(last)
            raise
        self.output = OutputFile(
            path=self._name, rows=self._rows, bytes=self._file.bytes, digest=self._file.hexdigest()
        )
        self._stack.close()

    def _abandon(self, error: BaseException) -> None:
        """Throw the file away; raises OutputError in place of ``error`` if that came from the disk."""
        self._writer.is_open = False  # writes no footer
        self._stack.__exit__(type(error), error, error.__traceback__)


PLAIN_COLUMNS = frozenset({"text", "doc_id", "uri", "title", "canonical_url"})
"""Columns whose values hardly repeat: a dictionary would only cost time."""


def dictionary_columns(schema: pa.Schema) -> list[str]:
    """Columns that are dictionary-encoded: short values that repeat.

    None inside structs: DuckDB 2.0 ends with an internal error when it filters and sorts by such a column.
    """
    return [item.name for item in schema if not pa.types.is_nested(item.type) and item.name not in PLAIN_COLUMNS]


def row_count(uri: str) -> int:
    """How many rows a shard has, from its footer."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    with filesystem.open(path, "rb") as file, pq.ParquetFile(file) as parquet:
        return parquet.metadata.num_rows


def schema_of(uri: str) -> pa.Schema:
    """The schema of a shard, from its footer."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    with filesystem.open(path, "rb") as file, pq.ParquetFile(file) as parquet:
        return parquet.schema_arrow


def row_groups(uri: str, columns: list[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The row groups of a shard, one batch each."""
    filesystem, path = fsspec.core.url_to_fs(uri)
    with filesystem.open(path, "rb") as file, pq.ParquetFile(file) as parquet:
        for position in range(parquet.num_row_groups):
            table = parquet.read_row_group(position, columns=columns).combine_chunks()
            yield from table.to_batches()


def blocks(batch: pa.RecordBatch, column: str, max_bytes: int) -> Iterator[pa.RecordBatch]:
    """Slices of a batch with at most ``max_bytes`` of text each (one row at least): what kernels work on."""
    lengths = pc.binary_length(batch.column(column)).fill_null(0).to_numpy(zero_copy_only=False)
    start, filled = 0, 0
    for row, length in enumerate(lengths):
        if row > start and filled + length > max_bytes:
            yield batch.slice(start, row - start)
            start, filled = row, 0
        filled += int(length)
    if start < batch.num_rows:
        yield batch.slice(start)
