"""Lines and paragraphs repeated across documents: C4's and CCNet's global deduplication of lines.

Map: `line_rows` of each batch, `combine.combined_lines`, to an exchange on ``hash``. Reduce: `repeated_lines` of each
bucket. Apply: `cut`.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pyarrow as pa
import xxhash

from filters.lexing.characters import Bytes, Integers
from filters.lexing.utf8 import utf8
from filters.repeats.documents import FIRST, Documents, order_columns, order_fields, order_names
from filters.repeats.groups import number_within, repeated_rows, starts_of, sums
from filters.repeats.line_spans import line_spans
from filters.repeats.lower_case import lower_case
from filters.repeats.rolling import Hashes

Unit = Literal["line", "paragraph"]
r"""A line ends at ``\n``; a paragraph at a line with nothing but white space."""


def line_schema(order_columns: int) -> pa.Schema:
    """One line of one document: xxh3-64 of its lower case and the scope, and its bytes within the document.

    ``removed`` are the occurrences in later documents whose rows are gone already (see `combine`). 44 bytes a row with
    two columns of order.
    """
    return pa.schema(
        [
            pa.field("hash", pa.uint64()),
            pa.field("node", pa.uint64()),
            *order_fields(order_columns),
            pa.field("start", pa.uint32()),
            pa.field("end", pa.uint32()),
            pa.field("removed", pa.uint32()),
        ]
    )


RANGES = pa.schema({"node": pa.uint64(), "start": pa.uint32(), "end": pa.uint32()})
"""Bytes to be cut from a document."""

TOP_LINES = pa.schema(
    {"hash": pa.uint64(), "removed": pa.int64(), "node": pa.uint64(), "start": pa.uint32(), "end": pa.uint32()}
)
"""A repeated line: how often it is cut, and where it stands first."""


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
    """Rows (`line_schema`) of every line (paragraph) with at least ``min_words`` (1 or more) words.

    Two lines are the same if they are in lower case, without white space at the ends, as in C4 (``_emit_url_to_lines``
    in TFDS ``text/c4_utils.py``). CCNet ignores digits and punctuation too; that cuts lines which differ in what they
    say, such as "Solve 3x + 5 = 20 for x". Raises ``pyarrow.ArrowInvalid`` for a document of 4 GiB or more.
    """
    data, offsets = utf8(documents.text)
    spans = line_spans(data, offsets, paragraphs=unit == "paragraph")
    lines = np.flatnonzero(spans.words >= min_words)
    document, start, end = spans.document[lines], spans.start[lines], spans.end[lines]
    hashes = _hashes(*lower_case(data, offsets[document] + start, offsets[document] + end))
    columns = [
        pa.array(hashes ^ documents.scope[document]),
        pa.array(documents.node[document]),
        *order_columns(documents, document),
        pa.array(start).cast(pa.uint32()),
        pa.array(end).cast(pa.uint32()),
        pa.array(np.zeros(len(lines), np.uint32)),
    ]
    return pa.record_batch(columns, schema=line_schema(len(documents.order)))


def _hashes(data: Bytes, offsets: Integers) -> Hashes:
    pieces, edges, hashed = data.data, offsets.tolist(), xxhash.xxh3_64_intdigest
    return np.array([hashed(pieces[start:end]) for start, end in pairwise(edges)], np.uint64)


def repeated_lines(bucket: pa.RecordBatch, max_copies: int, top: int) -> RepeatedLines:
    """Which occurrences of one bucket's lines (`line_schema`, all rows of their hashes) go.

    The first ``max_copies`` documents that have a line, in order, keep it; all others but the `FIRST` ones lose it.
    Within a document that keeps it a line may stand several times: what repeats itself in one document is for the rules
    of Gopher. (C4 cuts these too.) The ``top`` lines that lost most are described. Memory: 16 bytes a row, and 80 for a
    repeated one.
    """
    known = np.flatnonzero(bucket["removed"].to_numpy())
    lines = rank_lines(bucket, np.union1d(repeated_rows(bucket["hash"].to_numpy()), known), max_copies)
    return RepeatedLines(
        removed=removed_ranges(lines),
        top=_top_lines(lines, top),
        lines=int(np.count_nonzero(lines.removed_by_line)),
    )


@dataclass(frozen=True)
class RankedLines:
    """Rows of lines sorted by hash, document and place.

    ``columns`` are those of the rows; ``row`` (int64) where each came from. ``first`` (int64[lines]): where each line
    begins. ``is_late`` (bool): the row's document is not among the first ``max_copies`` of the line; ``is_removed``
    (bool): it is also one that can be cut. ``removed_by_line`` (int64[lines]): these, and those removed before.
    """

    columns: dict[str, np.ndarray]
    row: np.ndarray
    first: np.ndarray
    is_late: np.ndarray
    is_removed: np.ndarray

    @property
    def removed_by_line(self) -> np.ndarray:
        """Occurrences of each line that are cut."""
        return sums(self.is_removed + self.columns["removed"].astype(np.int64), self.first)


def rank_lines(rows: pa.RecordBatch, chosen: np.ndarray, max_copies: int) -> RankedLines:
    """Sort some rows (int64 positions; all that there are of their hashes)."""
    part = {name: rows[name].to_numpy()[chosen] for name in rows.schema.names}
    # The node comes last: it decides nothing as long as no two documents share their place in the order.
    keys = ("node", *reversed(order_names(rows.schema)), "hash")
    order = np.lexsort([part["start"], *(part[key] for key in keys)])
    part = {name: column[order] for name, column in part.items()}
    is_line = starts_of(part["hash"])
    is_late = number_within(starts_of(*(part[key] for key in keys)), is_line) >= max_copies
    is_removed = is_late & (part["order_0"] != FIRST)
    return RankedLines(part, chosen[order], np.flatnonzero(is_line), is_late, is_removed)


def removed_ranges(lines: RankedLines) -> pa.RecordBatch:
    """`RANGES` of what is removed, sorted by node and start."""
    ranges = {name: lines.columns[name][lines.is_removed] for name in RANGES.names}
    order = np.lexsort([ranges["start"], ranges["node"]])
    return pa.record_batch([pa.array(ranges[name][order]) for name in RANGES.names], schema=RANGES)


def _top_lines(lines: RankedLines, top: int) -> pa.RecordBatch:
    """`TOP_LINES` of those that lost most."""
    described = {name: lines.columns[name][lines.first] for name in ("hash", *RANGES.names)}
    described["removed"] = lines.removed_by_line
    chosen = np.lexsort([described["hash"], -described["removed"]])[:top]
    chosen = chosen[described["removed"][chosen] > 0]
    return pa.record_batch([pa.array(described[name][chosen]) for name in TOP_LINES.names], schema=TOP_LINES)
