"""Sequences as rows of a packed shard."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.packing.fill import Frame, Texts, fill
from filters.packing.pieces import Integers, Packing
from schemas.packed_shard import SEGMENT, PackedFacts, has_teacher


@dataclass(frozen=True)
class Documents:
    """Documents to be packed, with what traces their tokens."""

    texts: Texts
    doc_id: pa.StringArray
    source: pa.StringArray
    epoch: Integers
    """int64: how often each was read before."""


def packed_rows(
    documents: Documents, packing: Packing, first_index: int, schema: pa.Schema, facts: PackedFacts
) -> pa.RecordBatch:
    """The rows of some sequences, which stand in the reading order from ``first_index`` on."""
    length, count = facts.sequence_length, packing.sequences
    frame = Frame(-1 if facts.begin_id is None else facts.begin_id, facts.end_id, facts.padding_id)
    tokens = fill(documents.texts, packing, length, frame)
    columns: list[pa.Array] = [
        pa.array(np.arange(first_index, first_index + count)),
        _lists(tokens, length, schema.field("tokens").type),
        pa.array(packing.lengths().astype(np.int32)),
        _segments(documents, packing, schema.field("segments").type),
    ]
    if has_teacher(schema):
        columns += [
            _lists(np.zeros_like(tokens), length, schema.field("teacher_token").type),
            _lists(np.zeros(len(tokens), np.float32), length, schema.field("teacher_weight").type),
        ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _lists(values: np.ndarray, length: int, dtype: pa.DataType) -> pa.Array:
    offsets = np.arange(0, len(values) + 1, length, dtype=np.int64)
    return pa.LargeListArray.from_arrays(pa.array(offsets), pa.array(values), type=dtype)


def _segments(documents: Documents, packing: Packing, dtype: pa.DataType) -> pa.Array:
    pieces = packing.pieces
    ends = np.cumsum(pieces.length)
    before = np.concatenate([[0], ends])[packing.first[:-1]]
    start = ends - pieces.length - np.repeat(before, np.diff(packing.first))
    places = pa.array(pieces.document)
    fields = [
        documents.doc_id.take(places),
        documents.source.take(places),
        pa.array(start.astype(np.int32)),
        pa.array(pieces.length.astype(np.int32)),
        pa.array(pieces.offset),
        pa.array(documents.epoch[pieces.document].astype(np.int16)),
    ]
    structs = pa.StructArray.from_arrays(fields, fields=list(SEGMENT))
    return pa.ListArray.from_arrays(pa.array(packing.first.astype(np.int32)), structs, type=dtype)
