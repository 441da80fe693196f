"""What the trainers' own libraries read and write; each import skips a test where its package is not installed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

WHERE = "in an environment of its own: pip install 'orchard[readers]'"


def read_array_records(paths: Sequence[str]) -> Iterator[dict[str, np.ndarray | bytes]]:
    """The records of files, in order, by Grain."""
    import grain

    from pipelines.export.example import decode_example

    yield from grain.MapDataset.source(grain.sources.ArrayRecordDataSource(list(paths))).map(decode_example)


def megatron():
    """megatron-core's module of .bin and .idx files."""
    return pytest.importorskip("megatron.core.datasets.indexed_dataset", reason=f"megatron-core: {WHERE}")


def read_megatron(prefixes: Sequence[str]) -> Iterator[np.ndarray]:
    """The sequences of files, in order."""
    for prefix in prefixes:
        dataset = megatron().IndexedDataset(prefix)
        # Copies, since the library's own arrays lie in a map of the file that ends with the data set.
        yield from (np.array(dataset[number]) for number in range(len(dataset)))


def write_megatron(sequences: Sequence[np.ndarray], dtype: type[np.number], prefix: str) -> None:
    """The files that the library itself writes."""
    import torch

    builder = megatron().IndexedDatasetBuilder(f"{prefix}.bin", dtype=dtype)
    for sequence in sequences:
        builder.add_item(torch.from_numpy(sequence.astype(np.int64)))
        builder.end_document()
    builder.finalize(f"{prefix}.idx")


def streaming():
    """mosaicml-streaming."""
    return pytest.importorskip("streaming", reason=f"mosaicml-streaming: {WHERE}")


def read_mds(folder: Path) -> Iterator[dict[str, object]]:
    """The samples of a folder, in order, with the hashes of all files checked."""
    library = streaming()
    library.base.util.clean_stale_shared_memory()
    dataset = library.StreamingDataset(local=str(folder), shuffle=False, batch_size=1, validate_hash="xxh3_64")
    yield from (dataset[number] for number in range(len(dataset)))


def write_mds(samples: Sequence[dict[str, object]], columns: dict[str, str], folder: Path) -> bytes:
    """The only file that the library itself writes for these samples."""
    with streaming().MDSWriter(out=str(folder), columns=columns, hashes=["xxh3_64"]) as writer:
        for sample in samples:
            writer.write(sample)
    return (folder / "shard.00000.mds").read_bytes()


def table_rows(table: pa.RecordBatch) -> list[list[int]]:
    """The ids of every sequence."""
    return table.column("tokens").to_pylist()
