"""Packed shards of real or made-up documents, through the contract and the packing of the project."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from filters.packing.best_fit import best_fit
from filters.packing.fill import NO_TOKEN, Frame, fill
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


def pack(documents: Sequence[Sequence[int]], facts: PackedFacts, *, teacher: bool = False) -> pa.Table:
    """The ids of documents as rows of packed shards, in the order of packing."""
    dtype = np.uint16 if facts.bits == 16 else np.uint32
    begin = NO_TOKEN if facts.begin_id is None else facts.begin_id
    frame = Frame(begin, facts.end_id, facts.padding_id)
    lengths = np.array([len(document) for document in documents], np.int64)
    packing = best_fit(lengths + frame.tokens, facts.sequence_length)
    ids = np.concatenate([np.asarray(document, dtype) for document in documents])
    flat = fill(ids, np.cumsum(lengths) - lengths, lengths, packing, (facts.sequence_length, frame))
    rows = flat.reshape(-1, facts.sequence_length)
    return pa.Table.from_pylist(
        [
            {"index": row, "tokens": tokens, "length": int(length), "segments": _segments(packing, row)}
            | ({"teacher_token": tokens[::-1], "teacher_weight": tokens / np.float32(7)} if teacher else {})
            for row, (tokens, length) in enumerate(zip(rows, packing.lengths(), strict=True))
        ],
        schema=packed_schema(facts, teacher=teacher),
    )


def _segments(packing, row: int) -> list[dict[str, object]]:
    start, found = 0, []
    for piece in range(packing.first[row], packing.first[row + 1]):
        document, offset, length = (int(column[piece]) for column in packing.pieces)
        source = "code" if document % 3 == 0 else "web"
        found.append({
            "doc_id": f"{document:032x}", "source": source, "start": start, "length": length,
            "document_offset": offset, "epoch": 0,
        })  # fmt: skip
        start += length
    return found


def write_shards(table: pa.Table, folder: Path, shards: int, row_group_rows: int = 5) -> list[str]:
    """The rows in as many files, in order; the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    edges = np.linspace(0, table.num_rows, shards + 1).astype(int)
    paths = []
    for shard in range(shards):
        path = folder / f"{shard:05d}.parquet"
        with ShardWriter(str(path), path.name, table.schema, WriteSettings()) as writer:
            part = table.slice(edges[shard], edges[shard + 1] - edges[shard])
            for first in range(0, part.num_rows, row_group_rows):
                for batch in part.slice(first, row_group_rows).to_batches():
                    writer.write(batch)
                writer.end_row_group()
        paths.append(str(path))
    return paths


def random_documents(count: int, vocab_size: int, longest: int = 150, seed: int = 0) -> list[list[int]]:
    """Ids that reach up to the largest one; a few documents are empty."""
    rng = np.random.default_rng(seed)
    return [rng.integers(3, vocab_size, rng.integers(0, longest)).tolist() for _ in range(count)] + [[vocab_size - 1]]
