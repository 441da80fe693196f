"""MosaicML's MDS: shards of samples with an index over all of them, read by StreamingDataset and LLM Foundry.

The layout is that of mosaicml-streaming 0.13, ``streaming/base/format/mds``; the bytes are those of its ``MDSWriter``.
Written here since that package needs PyTorch and an old numpy.
"""

# pyright: reportAttributeAccessIssue=false

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from filters.packing.labels import matrix
from pipelines.engine.outputs.files import atomic_output
from pipelines.engine.outputs.layout import MDS_INDEX
from pipelines.export.format import PARTS, Contract, Index, ShardSource, Target
from schemas.manifest import OutputFile
from schemas.packed_shard import has_teacher, read_facts

SHARD_BYTES: Final = 64 << 20
"""Most bytes of a file, the library's own default; a file is put together in memory."""
_HASH: Final = "xxh3_64"
_TEXT: Final = ("text", "doc_id", "source")
_COLUMNS: Final = {
    "document": _TEXT,
    "packed": ("index", "tokens", "segments"),
}
_TEACHER: Final = ("teacher_token", "teacher_weight")
_SIZES: Final = {"uint16": 2, "uint32": 4, "float32": 4}


def join_index(parts: Sequence[bytes]) -> bytes:
    """The content of index.json."""
    shards = [shard for part in parts for shard in json.loads(part)]
    return json.dumps({"version": 2, "shards": shards}, sort_keys=True).encode()


_INDEX: Final = Index(MDS_INDEX, join_index)


@dataclass(frozen=True)
class Mds:
    """``text`` of documents; or ``tokens`` and ``segment_lengths`` of packed sequences, by ``index``.

    ``tokens`` is an array of uint16 or uint32, which LLM Foundry takes as it is. ``segment_lengths`` (int32) are the
    lengths of the runs of one document each; what is left of the sequence is padding.
    """

    name: str = "mds"
    contracts: tuple[Contract, ...] = ("document", "packed")
    index: Index | None = _INDEX

    def check(self, contract: Contract) -> None:
        """Nothing can be missing."""

    def write(self, source: ShardSource, target: Target) -> tuple[OutputFile, ...]:
        """``SHARD.00000.mds`` and so on, and the shard's part of the index; memory: a row group and 64 MiB."""
        columns = encodings(source.schema)
        writer = _Writer(target, dict(sorted(columns.items())))
        for batch in source.batches(_read(source.schema)):
            for sample in _samples(batch, list(writer.columns)):
                writer.add(sample)
        return writer.finish()


def encodings(schema: pa.Schema) -> dict[str, str]:
    """The columns of samples made from shards of a schema, each with its MDS encoding."""
    if "segments" not in schema.names:
        return dict.fromkeys(_TEXT, "str")
    facts = read_facts(schema)
    ids = f"ndarray:uint{facts.bits}:{facts.sequence_length}"
    found = {"index": "int", "tokens": ids, "segment_lengths": "ndarray:int32"}
    return found | (_teacher(ids, facts.sequence_length) if has_teacher(schema) else {})


def _teacher(ids: str, length: int) -> dict[str, str]:
    return dict(zip(_TEACHER, (ids, f"ndarray:float32:{length}"), strict=True))


def _read(schema: pa.Schema) -> Mapping[str, Sequence[str]]:
    return _COLUMNS | {"packed": (*_COLUMNS["packed"], *(_TEACHER if has_teacher(schema) else ()))}


def _samples(batch: pa.RecordBatch, columns: Sequence[str]) -> Iterator[bytes]:
    """The samples of a batch: sizes of those values that differ in size (uint32), then all values."""
    if "segments" not in batch.schema.names:
        values = [batch.column(name).cast(pa.large_binary()).to_pylist() for name in columns]
        for row in zip(*values, strict=True):
            yield np.array([len(value) for value in row], np.uint32).tobytes() + b"".join(row)
        return
    segments = batch.column("segments")
    first = segments.offsets.to_numpy() - segments.offsets[0].as_py()
    lengths = pc.struct_field(segments.flatten(), "length").to_numpy()
    lists = {name: matrix(batch.column(name)) for name in columns if name in ("tokens", *_TEACHER)}
    index = batch.column("index").to_numpy()
    for row in range(batch.num_rows):
        of_row = _array(lengths[first[row] : first[row + 1]])
        plain = {"index": index[row].tobytes(), "segment_lengths": of_row}
        values = [lists[name][row].tobytes() if name in lists else plain[name] for name in columns]
        yield np.uint32(len(of_row)).tobytes() + b"".join(values)


def _array(values: np.ndarray) -> bytes:
    """An array of one dimension whose length is not known from the column: with its length before it."""
    size = next(
        code for code, dtype in enumerate((np.uint8, np.uint16, np.uint32)) if len(values) <= np.iinfo(dtype).max
    )
    return bytes([1 << 2 | size]) + len(values).to_bytes(1 << size, "little") + values.tobytes()


def _size(encoding: str) -> int | None:
    """Bytes of a value, None where they differ from sample to sample."""
    if encoding == "int":
        return 8
    kind, _, shape = encoding.removeprefix("ndarray:").partition(":")
    return _SIZES[kind] * int(shape) if shape else None


class _Writer:
    """Collects samples into files of at most `SHARD_BYTES` (or one sample)."""

    def __init__(self, target: Target, columns: Mapping[str, str]) -> None:
        self.columns = columns
        self._target = target
        self._config = {
            "version": 2, "format": "mds", "compression": None, "hashes": [_HASH], "size_limit": SHARD_BYTES,
            "column_names": list(columns), "column_encodings": list(columns.values()),
            "column_sizes": [_size(encoding) for encoding in columns.values()],
        }  # fmt: skip
        self._head = json.dumps(self._config, sort_keys=True).encode()
        self._empty = 4 + 4 + len(self._head)
        self._waiting: list[bytes] = []
        self._bytes = self._empty
        self._outputs: list[OutputFile] = []
        self._shards: list[Mapping[str, object]] = []

    def add(self, sample: bytes) -> None:
        """One more sample; it reaches a file when that is full."""
        size = len(sample) + 4
        if self._bytes + size > SHARD_BYTES:
            self._write()
        self._waiting.append(sample)
        self._bytes += size

    def finish(self) -> tuple[OutputFile, ...]:
        """All files of the shard, with its part of the index."""
        self._write()
        path = self._target.path(".json", PARTS)
        with atomic_output(self._target.uri(path)) as file:
            file.write(json.dumps(self._shards).encode())
        return (*self._outputs, OutputFile(path=path, rows=0, bytes=file.bytes, digest=file.hexdigest()))

    def _write(self) -> None:
        """The file: number of samples, where each begins and the last ends (uint32), the columns, the samples."""
        if not self._waiting:
            return
        count = len(self._waiting)
        sizes = np.array([0, *map(len, self._waiting)], np.int64)
        begin = 4 + 4 * len(sizes) + len(self._head)
        offsets = (begin + np.cumsum(sizes)).astype(np.uint32)
        content = b"".join([np.uint32(count).tobytes(), offsets.tobytes(), self._head, *self._waiting])
        path = self._target.path(f".{len(self._shards):05d}.mds")
        with atomic_output(self._target.uri(path)) as file:
            file.write(content)
        self._outputs.append(OutputFile(path=path, rows=count, bytes=file.bytes, digest=file.hexdigest()))
        raw = {"basename": path, "bytes": len(content)}
        raw["hashes"] = {_HASH: xxhash.xxh3_64_hexdigest(content)}
        self._shards.append(self._config | {"samples": count, "raw_data": raw, "zip_data": None})
        self._waiting, self._bytes = [], self._empty
