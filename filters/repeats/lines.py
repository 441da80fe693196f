"""Lines and paragraphs repeated across documents: C4's and CCNet's global deduplication of lines.

Map: `line_rows` of each batch, to an exchange on ``hash``. Reduce: `repeated_lines` of each bucket. Apply: `cut`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pyarrow as pa
import xxhash

from filters.lexing.characters import Bytes, Integers
from filters.lexing.utf8 import utf8
from filters.repeats.documents import Documents
from filters.repeats.groups import number_within, repeated_rows, starts_of, sums
from filters.repeats.line_spans import line_spans
from filters.repeats.lower_case import lower_case
from filters.repeats.rolling import Hashes

Unit = Literal["line", "paragraph"]
r"""A line ends at ``\n``; a paragraph at a line with nothing but white space."""

LINE_ROWS = pa.schema(
    {
        "hash": pa.uint64(),
        "node": pa.uint64(),
        "order_high": pa.uint64(),
        "order_low": pa.uint64(),
        "start": pa.uint32(),
        "end": pa.uint32(),
    }
)
"""One line of one document: xxh3-64 of its lower case, and its bytes within the document. 40 bytes a row."""

RANGES = pa.schema({"node": pa.uint64(), "start": pa.uint32(), "end": pa.uint32()})
"""Bytes to be cut from a document."""

TOP_LINES = pa.schema(
    {
        "hash": pa.uint64(),
        "occurrences": pa.int64(),
        "documents": pa.int64(),
        "removed": pa.int64(),
        "node": pa.uint64(),
        "start": pa.uint32(),
        "end": pa.uint32(),
    }
)
"""A repeated line: how often it occurs, in how many documents, how often it is cut, and where it stands first."""


@dataclass(frozen=True)
class RepeatedLines:
    """What is repeated in one bucket: the ``removed`` occurrences (`RANGES`) and the ``top`` lines (`TOP_LINES`).

    ``removed`` is sorted by node and start; ``top`` by removed occurrences, most first, then by hash.
    ``lines``: distinct lines that are cut somewhere.
    """

    removed: pa.RecordBatch
    top: pa.RecordBatch
    lines: int


def line_rows(documents: Documents, unit: Unit, min_words: int) -> pa.RecordBatch:
    """`LINE_ROWS` of every line (paragraph) with at least ``min_words`` (1 or more) words.

    Two lines are the same if they are in lower case, without white space at the ends, as in C4 (``_emit_url_to_lines``
    in TFDS ``text/c4_utils.py``). CCNet ignores digits and punctuation too; that cuts lines which differ in what they
    say, such as "Solve 3x + 5 = 20 for x". Raises ``pyarrow.ArrowInvalid`` for a document of 4 GiB or more.
    """
    data, offsets = utf8(documents.text)
    spans = line_spans(data, offsets, paragraphs=unit == "paragraph")
    lines = np.flatnonzero(spans.words >= min_words)
    document, start, end = spans.document[lines], spans.start[lines], spans.end[lines]
    columns = [
        pa.array(_hashes(*lower_case(data, offsets[document] + start, offsets[document] + end))),
        pa.array(documents.node[document]),
        pa.array(documents.order_high[document]),
        pa.array(documents.order_low[document]),
        pa.array(start).cast(pa.uint32()),
        pa.array(end).cast(pa.uint32()),
    ]
    return pa.record_batch(columns, schema=LINE_ROWS)


def _hashes(data: Bytes, offsets: Integers) -> Hashes:
    pieces, edges, hashed = data.data, offsets.tolist(), xxhash.xxh3_64_intdigest
    return np.array([hashed(pieces[start:end]) for start, end in pairwise(edges)], np.uint64)


def repeated_lines(bucket: pa.RecordBatch, max_copies: int, top: int) -> RepeatedLines:
    """Which occurrences of one bucket's lines (`LINE_ROWS`, all rows of their hashes) go.

    The first ``max_copies`` documents that have a line, by order keys, keep it; all others lose it. Within a document
    that keeps it a line may stand several times: what repeats itself in one document is for the rules of Gopher. (C4
    cuts these too.) The ``top`` lines that lost most are described. Memory: 16 bytes a row, and 70 for a repeated one.
    """
    columns = {name: bucket[name].to_numpy() for name in LINE_ROWS.names}
    rows = repeated_rows(columns["hash"])
    part = {name: column[rows] for name, column in columns.items()}
    # The node comes last: it decides nothing as long as no two documents share their place in the order.
    keys = ("node", "order_low", "order_high", "hash")
    order = np.lexsort([part["start"], *(part[key] for key in keys)])
    part = {name: column[order] for name, column in part.items()}
    is_line = starts_of(part["hash"])
    is_document = starts_of(*(part[key] for key in keys))
    is_removed = number_within(is_document, is_line) >= max_copies
    return RepeatedLines(
        removed=_by_place({name: part[name][is_removed] for name in RANGES.names}),
        top=_top_lines(part, np.flatnonzero(is_line), is_document, is_removed, top),
        lines=len(np.unique(part["hash"][is_removed])),
    )


def _by_place(ranges: dict[str, np.ndarray]) -> pa.RecordBatch:
    order = np.lexsort([ranges["start"], ranges["node"]])
    return pa.record_batch([pa.array(ranges[name][order]) for name in RANGES.names], schema=RANGES)


def _top_lines(
    part: dict[str, np.ndarray], first: np.ndarray, is_document: np.ndarray, is_removed: np.ndarray, top: int
) -> pa.RecordBatch:
    """`TOP_LINES` of the lines whose rows, sorted by hash, document and place, begin at ``first``."""
    counts = {
        "occurrences": np.diff(np.append(first, len(is_document))),
        "documents": sums(is_document, first),
        "removed": sums(is_removed, first),
    }
    lines = np.lexsort([part["hash"][first], -counts["removed"]])[:top]
    lines = lines[counts["removed"][lines] > 0]
    described = {**{name: part[name][first] for name in ("hash", *RANGES.names)}, **counts}
    return pa.record_batch([pa.array(described[name][lines]) for name in TOP_LINES.names], schema=TOP_LINES)
