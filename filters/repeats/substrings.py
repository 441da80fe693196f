"""Runs of at least k words that stand somewhere else too, word for word, found exactly and in bounded memory.

1. `anchor_rows` of each batch, to an exchange on ``hash``; `repeated_anchors` of each bucket, back to the shards.
2. `window_rows` around these, to an exchange on ``high``; `repeated_windows` of each bucket, back to the shards.
   (Before each exchange, `combine` takes out what is decided already.)
3. `passages` of each document, `word_ranges.byte_ranges`, `cut.cut`.

No suffix array (Lee et al. 2021, https://arxiv.org/abs/2107.06499, hold the corpus many times over in memory): a run
that repeats has an anchor that repeats, and only around such are runs compared.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.kernel import kernel
from filters.lexing.hashed_words import words_of
from filters.repeats.documents import FIRST, Documents, order_columns, order_fields, order_names
from filters.repeats.groups import repeated_rows, starts_of
from filters.repeats.windows import windows_around
from filters.repeats.winnowing import anchor_size, winnow

ANCHOR_ROWS = pa.schema({"hash": pa.uint64(), "node": pa.uint64(), "position": pa.uint32()})
"""One anchor: its hash, and its first word within the document. 20 bytes; with k = 50, 1.5 bytes a word of text."""

ANCHORS = pa.schema({"node": pa.uint64(), "position": pa.uint32()})
"""An anchor that repeats."""


def window_schema(order_columns: int) -> pa.Schema:
    """k words in a row: two hashes below 2^61 (the first also of the scope), and the first word within the document.

    44 bytes with two columns of order.
    """
    return pa.schema(
        [
            pa.field("high", pa.uint64()),
            pa.field("low", pa.uint64()),
            pa.field("node", pa.uint64()),
            *order_fields(order_columns),
            pa.field("position", pa.uint32()),
        ]
    )


WORD_RANGES = pa.schema({"node": pa.uint64(), "first": pa.uint32(), "last": pa.uint32()})
"""Words of a document, from ``first`` up to, not including, ``last``."""


def anchor_rows(documents: Documents, k: int) -> pa.RecordBatch:
    """`ANCHOR_ROWS` of a batch: any ``k`` words that stand in two places have one with the same hash in both."""
    hashes, document, position = winnow(words_of(documents.text), k)
    columns = [pa.array(hashes ^ documents.scope[document]), pa.array(documents.node[document])]
    columns.append(pa.array(position).cast(pa.uint32()))
    return pa.record_batch(columns, schema=ANCHOR_ROWS)


def repeated_anchors(bucket: pa.RecordBatch) -> pa.RecordBatch:
    """`ANCHORS` of one bucket (`ANCHOR_ROWS`, all rows of their hashes) whose hash is there twice, sorted.

    Memory: 36 bytes a row.
    """
    rows = repeated_rows(bucket["hash"].to_numpy())
    node, position = bucket["node"].to_numpy()[rows], bucket["position"].to_numpy()[rows]
    order = np.lexsort([position, node])
    return pa.record_batch([pa.array(node[order]), pa.array(position[order])], schema=ANCHORS)


def window_rows(documents: Documents, anchors: pa.RecordBatch, k: int) -> pa.RecordBatch:
    """Rows (`window_schema`) of every run of ``k`` words around ``anchors``.

    These are `ANCHORS` of these documents, in any order.
    """
    row, position = (
        _rows_of(documents.node, anchors["node"].to_numpy()),
        anchors["position"].to_numpy().astype(np.int64),
    )
    order = np.lexsort([position, row])
    found = windows_around(words_of(documents.text), row[order], position[order], k, anchor_size(k))
    high, low, document, start = found
    columns = [
        pa.array(high ^ documents.scope[document]),
        pa.array(low),
        pa.array(documents.node[document]),
        *order_columns(documents, document),
        pa.array(start).cast(pa.uint32()),
    ]
    return pa.record_batch(columns, schema=window_schema(len(documents.order)))


def repeated_windows(bucket: pa.RecordBatch, k: int) -> pa.RecordBatch:
    """`WORD_RANGES` that go, of one bucket (`window_schema`, all rows of their hashes): all occurrences but the first.

    The first is that of the first document in order, and there the first place. An occurrence that overlaps it
    loses only the words beyond: of "la la la..." k words stay. Two different runs have the same hashes with a
    probability of about (k / 2^61)^2: in a corpus with 10^12 runs to compare, once in 10^9 corpora. Sorted by node and
    place. Memory: 16 bytes a row, and 100 for a repeated one.
    """
    windows = rank_windows(bucket)
    part, earliest = windows.columns, windows.earliest
    position = part["position"].astype(np.int64)
    first = np.where(windows.is_same_document, np.maximum(position, position[earliest] + k), position)
    last = position + k
    removed = (np.arange(len(position)) != earliest) & (part["order_0"] != FIRST) & (first < last)
    return passages(part["node"][removed], first[removed], last[removed])


@dataclass(frozen=True)
class RankedWindows:
    """Rows of runs that repeat, sorted by run, document and place.

    ``columns`` are those of the rows; ``row`` (int64) where each came from. ``earliest`` (int64): where the first
    occurrence of the row's run is; ``is_same_document`` (bool): its document has that too.
    """

    columns: dict[str, np.ndarray]
    row: np.ndarray
    earliest: np.ndarray
    is_same_document: np.ndarray


def rank_windows(rows: pa.RecordBatch) -> RankedWindows:
    """Sort the rows whose ``high`` is there twice."""
    repeated = repeated_rows(rows["high"].to_numpy())
    part = {name: rows[name].to_numpy()[repeated] for name in rows.schema.names}
    # The node decides nothing as long as no two documents share their place in the order.
    order = np.lexsort(
        [part[name] for name in ("position", "node", *reversed(order_names(rows.schema)), "low", "high")]
    )
    part = {name: column[order] for name, column in part.items()}
    is_first = starts_of(part["high"], part["low"])
    earliest = np.flatnonzero(is_first)[np.cumsum(is_first) - 1]
    return RankedWindows(part, repeated[order], earliest, part["node"] == part["node"][earliest])


def passages(node: np.ndarray, first: np.ndarray, last: np.ndarray) -> pa.RecordBatch:
    """`WORD_RANGES` with those that touch or overlap made one, sorted by node and place.

    ``node`` (uint64), ``first``, ``last`` (any integer) have one value for each range.
    """
    order = np.lexsort([last, first, node])
    merged = _merge(node[order], first[order].astype(np.int64), last[order].astype(np.int64))
    return pa.record_batch(
        [pa.array(c).cast(t) for c, t in zip(merged, WORD_RANGES.types, strict=True)], schema=WORD_RANGES
    )


@kernel
def _merge(node: np.ndarray, first: np.ndarray, last: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found = 0
    nodes, firsts, lasts = np.empty_like(node), np.empty_like(first), np.empty_like(last)
    for i in range(len(node)):
        if found and nodes[found - 1] == node[i] and first[i] <= lasts[found - 1]:
            lasts[found - 1] = max(lasts[found - 1], last[i])
        else:
            nodes[found], firsts[found], lasts[found] = node[i], first[i], last[i]
            found += 1
    return nodes[:found], firsts[:found], lasts[:found]


def _rows_of(nodes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
    """int64: the row of each wanted node. Raises ``ValueError`` for one that is not among ``nodes``."""
    order = np.argsort(nodes)
    places = np.minimum(np.searchsorted(nodes, wanted, sorter=order), max(0, len(nodes) - 1))
    rows = order[places] if len(nodes) else places
    if len(wanted) and (not len(nodes) or np.any(nodes[rows] != wanted)):
        raise ValueError("an anchor belongs to a document that is not in the batch")
    return rows
