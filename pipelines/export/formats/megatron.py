"""Megatron and NeMo: a ``.bin`` of token ids and an ``.idx`` that says where each sequence begins.

The layout is that of megatron-core 0.16, ``megatron/core/datasets/indexed_dataset.py``; the bytes are those that its
``IndexedDatasetBuilder`` writes. Written here since megatron-core needs PyTorch, for two arrays in a file.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.packing.labels import matrix
from pipelines.engine.outputs.files import atomic_output
from pipelines.export.errors import ExportError
from pipelines.export.format import Contract, Index, ShardSource, Target
from schemas.manifest import OutputFile

_MAGIC = b"MMIDIDX\x00\x00"
_VERSION = 1
_CODES = {"uint16": 8, "int32": 4}
_COLUMNS = {"tokens": ("tokens",), "packed": ("tokens",)}


@dataclass(frozen=True)
class Megatron:
    """Each document of a token shard, with an end token, or each sequence of a packed one, padding included.

    Ids are uint16 as ours, else int32: Megatron knows no uint32, and ids stay below 2^31.
    """

    end_id: int | None = None
    """Stands after each document of a token shard; packed sequences have theirs."""
    name: str = "megatron"
    contracts: tuple[Contract, ...] = ("tokens", "packed")
    index: Index | None = None

    def check(self, contract: Contract) -> None:
        """Documents need an end token, packed sequences must not be given another."""
        if contract == "tokens" and self.end_id is None:
            raise ExportError(
                "megatron joins documents without a sign between them: give --end-id, the number of the tokenizer's "
                "end token (2 for tokenizers that `orchard tokenizer train` made)"
            )
        if contract == "packed" and self.end_id is not None:
            raise ExportError("--end-id: packed sequences have their end tokens already; leave it out")

    def write(self, source: ShardSource, target: Target) -> tuple[OutputFile, ...]:
        """``SHARD.bin`` and ``SHARD.idx``; memory: a row group, and 12 bytes a sequence."""
        stored = np.dtype(np.uint16 if source.schema.field("tokens").type.value_type == pa.uint16() else np.int32)
        if self.end_id is not None and self.end_id > np.iinfo(stored).max:
            raise ExportError(f"--end-id {self.end_id} is no id of this tokenizer: {source.uri} has ids of {stored}")
        lengths: list[np.ndarray] = [np.zeros(0, np.int32)]
        data, index = target.path(".bin"), target.path(".idx")
        with atomic_output(target.uri(data)) as file:
            for batch in source.batches(_COLUMNS):
                ids, of_batch = self._sequences(batch)
                file.write(np.ascontiguousarray(ids, stored).tobytes())
                lengths.append(of_batch.astype(np.int32))
        every = np.concatenate(lengths)
        with atomic_output(target.uri(index)) as head:
            head.write(b"".join(index_parts(every, stored)))
        return (
            OutputFile(path=data, rows=len(every), bytes=file.bytes, digest=file.hexdigest()),
            OutputFile(path=index, rows=0, bytes=head.bytes, digest=head.hexdigest()),
        )

    def _sequences(self, batch: pa.RecordBatch) -> tuple[np.ndarray, np.ndarray]:
        """The ids of a batch one after the other, and the length of each sequence."""
        tokens = batch.column("tokens")
        if self.end_id is None:
            rows = matrix(tokens)
            return rows, np.full(len(rows), rows.shape[1])
        lengths = np.diff(tokens.offsets.to_numpy())
        ends = np.cumsum(lengths)
        return np.insert(tokens.flatten().to_numpy(), ends, self.end_id), lengths + 1


def index_parts(lengths: np.ndarray, dtype: np.dtype) -> Iterator[bytes]:
    """The content of an ``.idx`` for sequences of ``lengths`` (int32), each a document."""
    yield _MAGIC + np.uint64(_VERSION).tobytes() + bytes([_CODES[dtype.name]])
    yield np.array([len(lengths), len(lengths) + 1], np.uint64).tobytes()
    yield lengths.tobytes()
    sizes = lengths.astype(np.int64) * dtype.itemsize
    yield (np.cumsum(sizes) - sizes).tobytes()
    yield np.arange(len(lengths) + 1, dtype=np.int64).tobytes()
