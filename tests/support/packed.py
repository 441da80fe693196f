"""Packed shards of real or made-up documents, through the contract and the packing of the project."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from filters.packing.best_fit import best_fit
from filters.packing.fill import Texts
from filters.packing.rows import Documents, packed_rows
from filters.packing.teacher import with_labels
from pipelines.engine.outputs.parquet import ShardWriter
from schemas.packed_shard import PackedFacts, packed_schema
from schemas.recipe.write import WriteSettings

END, PADDING = 2, 0


def facts_of(vocab_size: int, sequence_length: int = 64, **changes: object) -> PackedFacts:
    """The facts of a made-up stage."""
    values = {
        "stage": "core", "sequence_length": sequence_length, "vocab_size": vocab_size, "padding_id": PADDING,
        "begin_id": None, "end_id": END, "seed": 0, "packing": "best-fit", "tokenizer": "0" * 32,
    }  # fmt: skip
    return PackedFacts(**(values | changes))  # pyright: ignore[reportArgumentType]


def pack(documents: Sequence[Sequence[int]], facts: PackedFacts, *, teacher: bool = False) -> pa.RecordBatch:
    """The ids of documents as rows of packed shards, in the order of packing; a third of the documents is code."""
    lengths = np.array([len(document) for document in documents], np.int64)
    ids = np.concatenate([np.asarray(document, f"uint{facts.bits}") for document in documents])
    numbers = range(len(documents))
    packed = packed_rows(
        Documents(
            Texts(ids, np.cumsum(lengths) - lengths, lengths),
            pa.array([f"{number:032x}" for number in numbers]),
            pa.array(["code" if number % 3 == 0 else "web" for number in numbers]),
            np.zeros(len(documents), np.int64),
        ),
        best_fit(lengths + (1 if facts.begin_id is None else 2), facts.sequence_length),
        0,
        packed_schema(facts, teacher=teacher),
        facts,
    )
    if not teacher:
        return packed
    rng = np.random.default_rng(len(documents))
    return with_labels(packed, rng.integers(0, facts.vocab_size, (packed.num_rows, facts.sequence_length)))


def write_shards(rows: pa.RecordBatch, folder: Path, shards: int, row_group_rows: int = 5) -> list[str]:
    """The rows in as many files, in order; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    edges = np.linspace(0, rows.num_rows, shards + 1).astype(int)
    paths = []
    for shard in range(shards):
        path = folder / f"{shard:05d}.parquet"
        with ShardWriter(str(path), path.name, rows.schema, WriteSettings()) as writer:
            part = rows.slice(edges[shard], edges[shard + 1] - edges[shard])
            for first in range(0, part.num_rows, row_group_rows):
                writer.write(part.slice(first, row_group_rows))
                writer.end_row_group()
        paths.append(str(path))
    return paths


def random_documents(count: int, vocab_size: int, longest: int = 150, seed: int = 0) -> list[list[int]]:
    """Ids that reach up to the largest one; a few documents are empty."""
    rng = np.random.default_rng(seed)
    return [rng.integers(3, vocab_size, rng.integers(0, longest)).tolist() for _ in range(count)] + [[vocab_size - 1]]
