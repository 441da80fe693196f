"""Payloads and samples as documents, as the stages of deduplication compare them, with all of themselves beside."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from datagen.payloads.render import render
from pipelines.engine.outputs.parquet import row_groups
from schemas.arrow import arrow_schema
from schemas.document import Document
from schemas.generation.rows import RejectedSample
from schemas.payload import Payload
from schemas.summaries.row import SummaryRow

PAYLOADS, ANSWERS = "stages/payloads", "stages/answers"
"""The folders in which payloads and samples are compared."""
DOCUMENTS, UNIQUE = "stages/documents", "stages/unique"
"""What is compared, and what is left of it, inside of them."""
COLUMNS = ("doc_id", "text", "uri", "source", "collection", "retrieved_at", "license", "provenance")
"""Of a document, that are filled in."""
BATCH = 256


def _schema(*own: str) -> pa.Schema:
    """The columns of documents, and some JSON that travels with them as signals do."""
    document = arrow_schema(Document)
    signals = pa.struct([pa.field(name, pa.large_string()) for name in own])
    return pa.schema([*(document.field(name) for name in COLUMNS), pa.field("signals", signals)])


PAYLOAD_SCHEMA = _schema("payload")
SAMPLE_SCHEMA = _schema("row", "rejected")


def payload_document(payload: Payload, container: str) -> dict[str, object]:
    """A payload; it is compared with others of its kind."""
    return {
        "doc_id": payload.payload_id,
        "text": render(payload),
        "uri": payload.family,
        "source": "licensed",
        "collection": payload.kind,
        "license": payload.license,
        "provenance": {"container": container},
        "signals": {"payload": payload.model_dump_json()},
    }


def sample_document(row: SummaryRow, rejected: RejectedSample, container: str) -> dict[str, object]:
    """A sample that the gates have kept, and what it is if it repeats another.

    It is compared with others of its product. An attacked twin shall have the answer of its clean one, so it is not
    compared with that.
    """
    return {
        "doc_id": row.sample_id,
        "text": rejected.text,
        "uri": row.family,
        "source": "synthetic",
        "collection": row.product if row.attack is None else f"{row.product}, attacked",
        "license": row.license,
        "provenance": {"container": container},
        "signals": {"row": row.model_dump_json(), "rejected": rejected.model_dump_json()},
    }


def to_batch(documents: Sequence[dict[str, object]], schema: pa.Schema) -> pa.RecordBatch:
    """Documents in the form of their file."""
    return pa.RecordBatch.from_pylist(list(documents), schema)


def in_batches(documents: Iterable[dict[str, object]], schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    """Some at a time."""
    batch: list[dict[str, object]] = []
    for document in documents:
        batch.append(document)
        if len(batch) == BATCH:
            yield to_batch(batch, schema)
            batch = []
    yield to_batch(batch, schema)


def read_documents(uri: str, columns: list[str]) -> Iterator[dict[str, Any]]:
    """Some columns of all documents of a file. Memory: a row group."""
    for group in row_groups(uri, columns):
        yield from group.to_pylist()
