"""ArrayRecord: one record a document or sequence, read in any order by Grain, and by what is built on it (AXLearn).

AXLearn's ``input_grain.array_record_dataset`` and MaxText hand on the bytes of a record; a record here is a
``tf.train.Example`` (`pipelines.export.example`), which TFDS, MaxText and tf.data read, with the names of the inputs of
AXLearn's ``causal_lm``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Final

import numpy as np
import pyarrow as pa

from filters.packing.labels import matrix, next_tokens
from filters.packing.positions import position_ids, segment_ids
from pipelines.engine.outputs.files import OutputError
from pipelines.engine.outputs.local_file import local_output
from pipelines.export.errors import ExportError
from pipelines.export.format import Contract, Index, ShardSource, Target
from schemas.manifest import OutputFile
from schemas.packed_shard import has_teacher

OPTIONS: Final = "group_size:1,zstd:3"
"""One record a group, or reading one reads its neighbours too: Grain asks for it."""
BLOCK_TOKENS: Final = 1 << 20
"""Whose labels and positions are made at a time."""
_TEACHER: Final = ("teacher_token", "teacher_weight")
_COLUMNS: Final = {"document": ("text", "doc_id"), "packed": ("index", "tokens", "length", "segments")}


@dataclass(frozen=True)
class ArrayRecord:
    """``text`` and ``doc_id`` of documents; or of sequences, each as long as the sequence but ``index``:

    ``input_ids``: the tokens; ``target_labels``: the next token, -1 at the end of a document's run and for padding;
    ``input_segment_ids``: 1, 2 ... by document, 0 for padding; ``input_positions``: from 0 for each of them; ``index``.
    """

    name: str = "arrayrecord"
    contracts: tuple[Contract, ...] = ("document", "packed")
    index: Index | None = None

    def check(self, contract: Contract) -> None:
        """Its package is an extra."""
        missing = [package for package in ("array_record", "google.protobuf") if not _is_installed(package)]
        if missing:
            raise ExportError(f"{missing[0]} is not installed; it comes with `pip install 'orchard[arrayrecord]'`")

    def write(self, source: ShardSource, target: Target) -> tuple[OutputFile, ...]:
        """``SHARD.array_record``; memory: a row group, and matrices of `BLOCK_TOKENS`."""
        from array_record.python.array_record_module import ArrayRecordWriter  # noqa: PLC0415 (an extra)

        from pipelines.export.example import encode_example  # noqa: PLC0415 (an extra)

        path, rows = target.path(".array_record"), 0
        with local_output(target.uri(path)) as file:
            try:
                writer = ArrayRecordWriter(str(file.path), OPTIONS)
                for batch in source.batches(_read(source.schema)):
                    for features in _features(batch):
                        writer.write(encode_example(features))
                        rows += 1
                writer.close()
            except RuntimeError as error:  # of the library: it names the file
                raise OutputError(
                    f"cannot write {target.uri(path)}: {error}. Free space or choose another --out"
                ) from error
        return (OutputFile(path=path, rows=rows, bytes=file.bytes, digest=file.digest),)


def _read(schema: pa.Schema) -> Mapping[str, Sequence[str]]:
    return _COLUMNS | {"packed": (*_COLUMNS["packed"], *(_TEACHER if has_teacher(schema) else ()))}


def _features(batch: pa.RecordBatch) -> Iterator[Mapping[str, "np.ndarray | bytes"]]:
    if "segments" not in batch.schema.names:
        columns = [batch.column(name).cast(pa.large_binary()) for name in _COLUMNS["document"]]
        for values in zip(*columns, strict=True):
            yield dict(zip(_COLUMNS["document"], (value.as_py() for value in values), strict=True))
        return
    block = max(1, BLOCK_TOKENS // len(batch.column("tokens")[0]))
    for first in range(0, batch.num_rows, block):
        yield from _sequences(batch.slice(first, block))


def _sequences(batch: pa.RecordBatch) -> Iterator[Mapping[str, np.ndarray]]:
    tokens = matrix(batch.column("tokens"))
    segments = segment_ids(batch, tokens.shape[1])
    columns = {
        "index": batch.column("index").to_numpy()[:, None],
        "input_ids": tokens,
        "input_positions": position_ids(batch, tokens.shape[1]),
        "input_segment_ids": segments,
        "target_labels": next_tokens(tokens, segments),
    } | {name: matrix(batch.column(name)) for name in _TEACHER if name in batch.schema.names}  # fmt: skip
    for row in range(batch.num_rows):
        yield {name: values[row] for name, values in columns.items()}


def _is_installed(package: str) -> bool:
    try:
        return find_spec(package) is not None
    except ModuleNotFoundError:  # of its parent
        return False
