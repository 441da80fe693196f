"""What cross-document passes know of a document: its text, its node, its scope, and its place in a fixed order."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

FIRST = np.uint64(0)
"""First number of the place of a document that keeps its text whatever others have: it is compared with, never cut."""


@dataclass(frozen=True)
class Documents:
    """Some documents of a corpus.

    ``text`` is large_string[documents] without nulls. ``node`` (uint64[documents]) says where it is found
    again; no result depends on it. Documents with different ``scope`` (uint64[documents]) have nothing in common,
    whatever they hold. ``order`` (uint64[documents] each) are compared one after the other: of repeated text, the
    document with the smallest keeps it. No two documents of a corpus have the same.
    """

    text: pa.LargeStringArray
    node: np.ndarray
    scope: np.ndarray
    order: tuple[np.ndarray, ...]


def order_fields(count: int) -> list[pa.Field]:
    """The columns of an exchange that hold `Documents.order`."""
    return [pa.field(f"order_{position}", pa.uint64()) for position in range(count)]


def order_columns(documents: Documents, rows: np.ndarray) -> list[pa.Array]:
    """The values of `order_fields` for some documents, by position (int64)."""
    return [pa.array(column[rows]) for column in documents.order]


def order_names(schema: pa.Schema) -> list[str]:
    """The names of `order_fields` in a schema, the first to be compared first."""
    return [name for name in schema.names if name.startswith("order_")]
