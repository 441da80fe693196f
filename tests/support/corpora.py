"""Documents of a corpus for the tests of cross-document steps, dealt out to batches and buckets in many ways."""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa

from filters.repeats.documents import Documents


def documents_of(texts: Sequence[str], order: Sequence[int] | None = None) -> Documents:
    """The texts as documents; ``order`` gives their places in the order of survival, else they stand in it."""
    rank = np.arange(len(texts)) if order is None else np.asarray(order, np.int64)
    # Nodes run against the order, and both columns of the order are needed.
    nodes = (np.uint64(7) << np.uint64(32)) + np.arange(len(texts), 0, -1, np.uint64)
    order_columns = (part.astype(np.uint64) for part in (rank // 3 + 1, rank % 3))
    return Documents(pa.array(texts, pa.large_string()), nodes, np.zeros(len(texts), np.uint64), tuple(order_columns))


def part(documents: Documents, rows: np.ndarray) -> Documents:
    """The documents at ``rows`` (int64)."""
    text = documents.text.take(pa.array(rows, pa.int64()))
    order_columns = tuple(column[rows] for column in documents.order)
    return Documents(text, documents.node[rows], documents.scope[rows], order_columns)


def batches_of(documents: Documents, sizes: Iterable[int]) -> list[Documents]:
    """The documents in batches of ``sizes``, the last one with what is left."""
    edges = [0, *np.minimum(np.cumsum([*sizes]), len(documents.text)).tolist(), len(documents.text)]
    return [part(documents, np.arange(start, end)) for start, end in pairwise(edges)]


def exchange(batches: Iterable[pa.RecordBatch], key: str, buckets: int, seed: int) -> list[pa.RecordBatch]:
    """The rows by bucket of their key, in an order of no meaning."""
    rows = pa.Table.from_batches(batches).combine_chunks()
    rows = rows.take(pa.array(np.random.default_rng(seed).permutation(len(rows))))
    bucket = rows[key].to_numpy() % np.uint64(buckets)
    parts = [rows.filter(pa.array(bucket == number)).combine_chunks() for number in range(buckets)]
    return [pa.record_batch([column.combine_chunks() for column in each.columns], schema=rows.schema) for each in parts]


def reduced(buckets: Iterable[pa.RecordBatch], reduce: Callable[[pa.RecordBatch], pa.RecordBatch]) -> pa.RecordBatch:
    """The results of all buckets."""
    found = pa.Table.from_batches([reduce(bucket) for bucket in buckets])
    columns = [pa.concat_arrays(column.chunks) for column in found.columns]
    return pa.record_batch(columns, schema=found.schema)
