"""The exchange: the one shuffle of bulk data, from all shards to buckets.

A shard writes one Arrow IPC file. Rows are spread by a number: batch ``i`` of the file holds rows of bucket
``i % buckets``, so a bucket's reader takes its batches out of every shard's file and touches nothing else (locally by
memory map, on an object store by ranged reads). The files are a stage's outputs like any other: they are written
atomically, recorded, found again after a crash, and the same on every runner. A GroupByKey of the rows would hold all
of them in memory in Beam's local runner, and would have to be repeated after every crash.
"""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import fsspec
import numpy as np
import pyarrow as pa
from fsspec.implementations.local import LocalFileSystem

from pipelines.engine.outputs.files import atomic_output
from pipelines.engine.outputs.layout import Layout
from schemas.manifest import OutputFile

FLUSH_BYTES = 32 << 20
"""Rows that a writer holds before it spreads them; bounds its memory to about three times as much."""
BUCKETS_KEY = b"buckets"


class ExchangeWriter:
    """Spreads the rows of one shard over buckets; the file appears at the end of the ``with`` block."""

    def __init__(self, layout: Layout, kind: str, shard: str, schema: pa.Schema, buckets: int) -> None:
        self._name = layout.exchange(kind, shard)
        self._uri = layout.uri(self._name)
        self._schema = schema.with_metadata({BUCKETS_KEY: str(buckets).encode()})
        self._buckets = buckets
        self._pending: list[pa.RecordBatch] = []
        self._numbers: list[np.ndarray] = []
        self._pending_bytes = 0
        self._rows = 0
        self._stack = ExitStack()
        self.output: OutputFile | None = None
        """What was written, known after the block."""

    def __enter__(self) -> Self:
        self._file = self._stack.enter_context(atomic_output(self._uri))
        self._writer = pa.ipc.new_file(pa.PythonFile(self._file, mode="w"), self._schema)
        return self

    def write(self, batch: pa.RecordBatch, numbers: np.ndarray) -> None:
        """Add rows; ``numbers`` (unsigned integers, one a row) modulo the count of buckets says where each goes."""
        if not batch.num_rows:
            return
        self._pending.append(batch)
        self._numbers.append((numbers % np.uint64(self._buckets)).astype(np.uint32))
        self._pending_bytes += batch.nbytes
        if self._pending_bytes >= FLUSH_BYTES:
            self._flush()

    def _flush(self) -> None:
        if not self._pending:
            return
        rows = pa.Table.from_batches(self._pending, self._schema).combine_chunks().to_batches()[0]
        numbers = np.concatenate(self._numbers)
        order = np.argsort(numbers, kind="stable")
        ends = np.cumsum(np.bincount(numbers, minlength=self._buckets))
        spread = rows.take(pa.array(order))
        start = 0
        for end in ends.tolist():
            self._writer.write_batch(spread.slice(start, end - start))
            start = end
        self._rows += rows.num_rows
        self._pending, self._numbers, self._pending_bytes = [], [], 0

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if error is None:
            try:
                self._flush()
                self._writer.close()
            except BaseException as last:  # a full disk may show at the last write only
                self._stack.__exit__(type(last), last, last.__traceback__)
                raise
            self.output = OutputFile(
                path=self._name, rows=self._rows, bytes=self._file.bytes, digest=self._file.hexdigest()
            )
        self._stack.__exit__(kind, error, traceback)


def read_bucket(layout: Layout, kind: str, shards: Iterable[str], bucket: int) -> Iterator[pa.RecordBatch]:
    """The rows that all shards have put into a bucket, shard by shard in the order given.

    Locally the arrays point into the files: copy what must outlive the file. Empty batches are left out.
    """
    for shard in shards:
        with _open(layout.uri(layout.exchange(kind, shard))) as file:
            reader = pa.ipc.open_file(file)
            buckets = int(reader.schema.metadata[BUCKETS_KEY])
            for position in range(bucket, reader.num_record_batches, buckets):
                batch = reader.get_batch(position)
                if batch.num_rows:
                    yield batch


def read_table(layout: Layout, kind: str, shards: Iterable[str], bucket: int, schema: pa.Schema) -> pa.RecordBatch:
    """A whole bucket as one batch: its columns are contiguous, as kernels want them."""
    batches = [batch.replace_schema_metadata() for batch in read_bucket(layout, kind, shards, bucket)]
    table = pa.Table.from_batches(batches, schema).combine_chunks()
    return table.to_batches()[0] if table.num_rows else pa.RecordBatch.from_pylist([], schema)


def _open(uri: str) -> pa.NativeFile:
    filesystem, path = fsspec.core.url_to_fs(uri)
    if isinstance(filesystem, LocalFileSystem):
        return pa.memory_map(path)
    return pa.PythonFile(filesystem.open(path, "rb"), mode="r")
