"""Documents of a token shard, as mixtures know them."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.mixture.keys import Integers, Keys, document_keys
from pipelines.engine.outputs.parquet import row_groups
from schemas.manifest import ConservationError


@dataclass(frozen=True)
class TokenRows:
    """Some documents that have tokens."""

    rows: pa.RecordBatch
    keys: Keys
    """uint64: their places on the rings."""
    stratum: pa.StringArray
    """``source/collection`` of each."""
    lengths: Integers
    """int64: tokens of each, without those around it."""
    empty: int
    """Documents without any, left out."""


def token_rows(uri: str, seed: int, columns: tuple[str, ...] = ()) -> Iterator[TokenRows]:
    """The documents of a shard, a row group at a time, with more columns if wanted."""
    for group in row_groups(uri, ["doc_id", "source", "collection", "length", *columns]):
        rows = group.filter(pc.greater(group.column("length"), 0))
        stratum = pc.binary_join_element_wise(rows.column("source"), rows.column("collection"), "/")
        keys, lengths = document_keys(rows.column("doc_id"), seed), rows.column("length").to_numpy()
        if "tokens" in columns and not np.array_equal(pc.list_value_length(rows.column("tokens")).to_numpy(), lengths):
            raise ConservationError(f"{uri}: a document has more or fewer tokens than its column `length` says")
        yield TokenRows(rows, keys, stratum, lengths, group.num_rows - rows.num_rows)
