"""Pairs of nodes on a local disk, in buckets, between two passes over them."""

from collections.abc import Iterator
from os import getpid
from pathlib import Path

import numpy as np
import pyarrow as pa

from filters.clusters.pairs import Pairs, part
from pipelines.engine.outputs.files import OutputError

SCHEMA = pa.schema([pa.field("first", pa.uint64(), nullable=False), pa.field("second", pa.uint64(), nullable=False)])


class PairFile:
    """Pairs in the order they are written, as an Arrow IPC stream.

    The file's name says which process it belongs to, so that `remove_leftovers` finds it if that is killed.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.path = folder / f"{name}.{getpid()}.tmp"
        self.pairs = 0
        self._writer: pa.RecordBatchStreamWriter | None = None

    def write(self, first: np.ndarray, second: np.ndarray) -> None:
        """Append pairs (uint64[n] each).

        Raises OutputError if the disk is full.
        """
        if not len(first):
            return
        try:
            self._writer = self._writer or pa.ipc.new_stream(str(self.path), SCHEMA)
            self._writer.write_batch(pa.record_batch([pa.array(first), pa.array(second)], schema=SCHEMA))
        except OSError as error:
            raise OutputError(f"cannot write {self.path}: {error}. Free space, or choose another folder.") from error
        self.pairs += len(first)

    def close(self) -> None:
        """End of writing."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None

    def batches(self) -> Iterator[Pairs]:
        """The pairs as they were written, call by call; read, not mapped, so that no page of it stays in memory."""
        if not self.pairs:
            return
        with pa.OSFile(str(self.path)) as file, pa.ipc.open_stream(file) as reader:
            for batch in reader:
                yield batch.column(0).to_numpy(), batch.column(1).to_numpy()

    def parts(self, most: int) -> Iterator[Pairs]:
        """The pairs in copies of ``most`` each, the last one with what is left."""
        left, filled = self.pairs, 0
        first, second = _empty(min(most, left))
        for batch in self.batches():
            start = 0
            while start < len(batch[0]):
                end = min(len(batch[0]), start + len(first) - filled)
                first[filled : filled + end - start] = batch[0][start:end]
                second[filled : filled + end - start] = batch[1][start:end]
                filled, start = filled + end - start, end
                if filled == len(first):
                    yield first, second
                    left, filled = left - filled, 0
                    first, second = _empty(min(most, left))

    def remove(self) -> None:
        """Close and delete."""
        self.close()
        self.path.unlink(missing_ok=True)


class PairBuckets:
    """Pairs in a file for each bucket, all pairs with the same first node in one."""

    def __init__(self, folder: Path, name: str, buckets: int) -> None:
        self.files = [PairFile(folder, f"{name}-{bucket:04d}") for bucket in range(buckets)]

    def write(self, first: np.ndarray, second: np.ndarray) -> None:
        """Append pairs (uint64[n] each), each to its bucket; takes 16 bytes a pair."""
        (first, second), offsets = part(first, second, len(self.files))
        for file, start, end in zip(self.files, offsets[:-1], offsets[1:], strict=True):
            file.write(first[start:end], second[start:end])

    def close(self) -> None:
        """End of writing."""
        for file in self.files:
            file.close()

    def remove(self) -> None:
        """Delete what is there."""
        for file in self.files:
            file.remove()


def _empty(pairs: int) -> Pairs:
    return np.empty(pairs, np.uint64), np.empty(pairs, np.uint64)
