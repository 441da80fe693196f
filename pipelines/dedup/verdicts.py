"""Duplicates as documents that say why they were dropped, and survivors that say for how many."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa

from filters.decide import VERDICT_TYPE
from filters.duplicates.keys import hex_of
from pipelines.dedup.outcomes import NO_MEMBERS, ShardState
from schemas.arrow import arrow_schema
from schemas.document import Document, DroppedDocument
from schemas.version import stamp

EXAMPLE_CHARACTERS = 80


def rule(step: str) -> str:
    """The code of the rule that a comparison drops by."""
    return f"duplicate.{step}"


def survivor_schema(documents: pa.Schema) -> tuple[pa.Schema, pa.Schema]:
    """The schemas of ``kept/`` and ``dropped/`` for documents with these columns: their signals stay typed."""
    return (
        stamp(_with_signals(arrow_schema(Document), documents), "document"),
        stamp(_with_signals(arrow_schema(DroppedDocument), documents), "dropped"),
    )


def kept_rows(documents: pa.RecordBatch, state: ShardState, rows: np.ndarray, schema: pa.Schema) -> pa.RecordBatch:
    """Survivors (of these rows of the shard) with the number of documents that were dropped for each."""
    counts = [len(state.members.get(row, NO_MEMBERS)) for row in rows.tolist()]
    return _conform(documents, schema, {"duplicate_count": pa.array(counts, pa.int64())})


def dropped_rows(
    documents: pa.RecordBatch, state: ShardState, rows: np.ndarray, bounds: Mapping[str, str]
) -> pa.RecordBatch:
    """Duplicates (of these rows of the shard), each with its verdict, survivor and similarity.

    ``bounds`` has all comparisons in order, each with the bound that a duplicate breaks.
    """
    steps = tuple(bounds)
    similarity = _unknown_as_null(state.similarity[rows])
    survivors = hex_of(state.survivor[rows, 0], state.survivor[rows, 1])
    partners = hex_of(state.partner[rows, 0], state.partner[rows, 1])
    names = [steps[position] for position in state.step[rows].tolist()]
    verdict = pa.StructArray.from_arrays(
        [
            pa.repeat("deduplicate", len(rows)),
            pa.array([rule(name) for name in names], pa.string()),
            _unknown_as_null(state.partner_similarity[rows]),
            pa.array([bounds[name] for name in names], pa.string()),
            pa.array([f"duplicate of {partner}" for partner in partners], pa.string()),
        ],
        fields=list(VERDICT_TYPE),
    )
    _, schema = survivor_schema(documents.schema)
    more = {"verdict": verdict, "survivor_id": pa.array(survivors, pa.string()), "similarity": similarity}
    return _conform(documents, schema, more)


def examples(dropped: pa.RecordBatch) -> Iterator[str]:
    """Duplicates in words, for the manifest."""
    columns = ["uri", "doc_id", "survivor_id", "similarity", "text"]
    return map(_example, dropped.select(columns).to_pylist())


def _example(row: dict[str, object]) -> str:
    text = " ".join(str(row["text"])[: 4 * EXAMPLE_CHARACTERS].split())[:EXAMPLE_CHARACTERS]
    similarity = row["similarity"]
    how = "" if similarity is None else f", similarity {similarity:.3f}"
    return f'{row["uri"]} ({row["doc_id"]}) dropped, {row["survivor_id"]} kept{how}: "{text}"'


def _conform(documents: pa.RecordBatch, schema: pa.Schema, more: dict[str, pa.Array]) -> pa.RecordBatch:
    """The documents in a schema, with more columns; those that an older version did not have are null."""
    columns = []
    for field in schema:
        if field.name in more:
            columns.append(more[field.name])
        elif field.name in documents.schema.names:
            columns.append(documents.column(field.name).cast(field.type))
        else:
            columns.append(pa.nulls(documents.num_rows, field.type))
    return pa.RecordBatch.from_arrays(columns, schema=schema)


def _with_signals(schema: pa.Schema, documents: pa.Schema) -> pa.Schema:
    position = schema.get_field_index("signals")
    if "signals" not in documents.names:
        return schema.remove(position)
    return schema.set(position, documents.field("signals"))


def _unknown_as_null(values: np.ndarray) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
