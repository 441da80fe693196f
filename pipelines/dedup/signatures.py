"""The signatures of a block of documents: everything that finding duplicates needs of them but their text."""

# pyright: reportAttributeAccessIssue=false

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import xxhash

from filters.batch import Batch
from filters.duplicates.keys import KEY_TYPE, text_keys, url_keys
from filters.duplicates.order import order_columns
from filters.minhash.curve import bands_and_rows
from filters.minhash.permutations import permutations
from filters.minhash.shingles import shingles
from filters.minhash.signature import signatures
from schemas.recipe.deduplicate import Deduplicate, MinHashSettings

SETTINGS_KEY = b"deduplicate"
CAPTURED = pa.field("captured", pa.timestamp("us", "UTC"))


def permutation_count(settings: MinHashSettings) -> int:
    """How many hash functions a signature has."""
    bands, rows = bands_and_rows(settings)
    return bands * rows


def order_names(settings: Deduplicate) -> list[str]:
    """The names of the columns by which survivors are chosen, in order."""
    return [f"order_{position}" for position in range(len(settings.survivor))]


def signature_settings(settings: Deduplicate) -> dict[str, object]:
    """What signatures depend on: only those with the same settings can be compared."""
    minhash = settings.minhash
    return {
        "scope": settings.scope,
        "survivor": [key.model_dump() for key in settings.survivor],
        "text": settings.text.model_dump() if settings.text else None,
        "minhash": minhash.model_dump(include={"shingle", "ngram", "seed"})
        | {"permutations": permutation_count(minhash)}
        if minhash
        else None,
    }


def signature_schema(settings: Deduplicate) -> pa.Schema:
    """The columns of a file of signatures.

    ``signature`` holds the MinHash values as little-endian uint32, one after the other (Parquet has no unsigned vectors
    that all readers know); it is null where a document has no shingles. In ``order_*`` the lower value survives.
    """
    fields = [
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("scope", pa.uint64(), nullable=False),
        *(pa.field(name, pa.float64(), nullable=False) for name in order_names(settings)),
        *([pa.field("url_key", KEY_TYPE, nullable=False), CAPTURED] if settings.url else []),
        *([pa.field("text_key", KEY_TYPE, nullable=False)] if settings.text else []),
    ]
    if settings.minhash:
        fields.append(pa.field("signature", pa.binary(4 * permutation_count(settings.minhash))))
    metadata = {SETTINGS_KEY: json.dumps(signature_settings(settings), sort_keys=True).encode()}
    return pa.schema(fields, metadata)


def document_columns(settings: Deduplicate) -> list[str]:
    """The columns of documents that signatures are made from."""
    signals = ["signals"] if any("." in key.by for key in settings.survivor) else []
    return ["doc_id", "uri", "collection", "retrieved_at", "text", *signals]


def sign(documents: pa.RecordBatch, settings: Deduplicate) -> pa.RecordBatch:
    """Signatures of some documents (with `document_columns`), a row for each, in the schema of `signature_schema`.

    Raises SettingError if a signal by which survivors are chosen is not there.
    """
    batch = Batch(documents.column("text"), documents.column("uri"), pa.nulls(documents.num_rows, pa.string()))
    scopes = documents.column("collection").to_pylist() if settings.scope == "collection" else [""] * len(batch)
    columns: dict[str, pa.Array] = {
        "doc_id": documents.column("doc_id"),
        "scope": _scope_numbers(scopes),
        **{
            name: pa.array(values)
            for name, values in zip(order_names(settings), order_columns(documents, settings.survivor), strict=True)
        },
    }
    if settings.url:
        columns["url_key"] = url_keys(documents.column("uri"), scopes)
        columns["captured"] = documents.column("retrieved_at")
    if settings.text:
        columns["text_key"] = text_keys(batch, scopes, settings.text)
    if settings.minhash:
        columns["signature"] = _signatures(batch, settings.minhash)
    schema = signature_schema(settings)
    return pa.RecordBatch.from_arrays([columns[name] for name in schema.names], schema=schema)


def signature_values(column: pa.FixedSizeBinaryArray) -> np.ndarray:
    """uint32[rows, permutations] of a column without nulls."""
    width = column.type.byte_width
    data = np.frombuffer(column.buffers()[1], np.uint8)[column.offset * width : (column.offset + len(column)) * width]
    return data.view("<u4").reshape(len(column), width // 4)


def _signatures(batch: Batch, settings: MinHashSettings) -> pa.FixedSizeBinaryArray:
    found = shingles(batch, settings.shingle, settings.ngram)
    count = permutation_count(settings)
    values = signatures(found.hashes, found.offsets, permutations(count, settings.seed))
    packed = pa.FixedSizeBinaryArray.from_buffers(
        pa.binary(4 * count), len(values), [None, pa.py_buffer(np.ascontiguousarray(values, "<u4"))]
    )
    empty = pa.array(found.per_document == 0)
    return pc.if_else(empty, pa.scalar(None, packed.type), packed)


def _scope_numbers(scopes: list[str]) -> pa.UInt64Array:
    return pa.array([xxhash.xxh3_64_intdigest(scope.encode()) if scope else 0 for scope in scopes], pa.uint64())
