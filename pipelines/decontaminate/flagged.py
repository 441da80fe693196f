"""The documents that hold benchmarks, as a shard hands them to the report."""

from collections.abc import Mapping

import pyarrow as pa

from filters.ngrams.passages import ItemMatches

FLAGGED_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("doc_id", pa.string(), nullable=False),
        pa.field("uri", pa.string(), nullable=False),
        pa.field("fate", pa.string(), nullable=False),
        pa.field("item", pa.int64(), nullable=False),
        pa.field("n", pa.int64(), nullable=False),
        pa.field("share", pa.float64(), nullable=False),
    ]
)
"""A row a document (its row in the shard) and item (its number in the index), in the order of documents and items."""


def flagged_rows(
    matches: ItemMatches, shown: pa.RecordBatch, fates: Mapping[int, str], first_row: int
) -> pa.RecordBatch:
    """Matches as rows of `FLAGGED_SCHEMA`; ``shown`` are the same as rows of `match_schema`.

    Document 0 is the shard's row ``first_row``.
    """
    columns = [
        pa.array(matches.document + first_row),
        shown.column("doc_id"),
        shown.column("uri"),
        pa.array([fates[position] for position in matches.document.tolist()], pa.string()),
        pa.array(matches.item),
        shown.column("n"),
        shown.column("share"),
    ]
    return pa.RecordBatch.from_arrays(columns, schema=FLAGGED_SCHEMA)
