"""Documents of an earlier stage in the schemas of `kept/` and `dropped/`, with their own signals."""

from collections.abc import Mapping

import pyarrow as pa

from schemas.arrow import arrow_schema
from schemas.document import Document, DroppedDocument
from schemas.version import stamp


def document_schemas(documents: pa.Schema) -> tuple[pa.Schema, pa.Schema]:
    """The schemas of ``kept/`` and ``dropped/`` for documents with these columns: their signals stay typed."""
    return (
        stamp(_with_signals(arrow_schema(Document), documents), "document"),
        stamp(_with_signals(arrow_schema(DroppedDocument), documents), "dropped"),
    )


def conform(documents: pa.RecordBatch, schema: pa.Schema, more: Mapping[str, pa.Array]) -> pa.RecordBatch:
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
