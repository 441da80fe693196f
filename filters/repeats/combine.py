"""What a batch of rows decides alone, before an exchange: text that very many documents have cannot fill a bucket.

Each function returns the rows that others must meet, and what is decided already. Both together give the same result as
all rows would, however the rows were batched. A row of a key costs the bucket nothing beyond those that may stay.
"""

import numpy as np
import pyarrow as pa

from filters.repeats.documents import FIRST
from filters.repeats.groups import number_within, repeated_rows, starts_of
from filters.repeats.lines import rank_lines, removed_ranges
from filters.repeats.substrings import ANCHORS, passages, rank_windows


def combined_lines(rows: pa.RecordBatch, max_copies: int) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The first ``max_copies`` documents of each line (`line_schema`), and what all later ones lose (`RANGES`).

    All rows of a document must be in one batch.
    """
    lines = rank_lines(rows, repeated_rows(rows["hash"].to_numpy()), max_copies)
    removed = rows["removed"].to_numpy().copy()
    removed[lines.row] = 0
    removed[lines.row[lines.first]] = lines.removed_by_line
    counted = rows.set_column(rows.schema.get_field_index("removed"), "removed", pa.array(removed))
    return _without(counted, lines.row[lines.is_late]), removed_ranges(lines)


def combined_anchors(rows: pa.RecordBatch) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """Two of each anchor (`ANCHOR_ROWS`), which show that it repeats, and the `ANCHORS` that are known to."""
    repeated = repeated_rows(rows["hash"].to_numpy())
    is_first = starts_of(rows["hash"].to_numpy()[repeated])
    known = repeated[number_within(np.ones(len(repeated), np.bool_), is_first) >= 2]
    anchors = rows.select(ANCHORS.names).take(pa.array(known))
    return _without(rows, known), anchors


def combined_windows(rows: pa.RecordBatch, k: int) -> tuple[pa.RecordBatch, pa.RecordBatch]:
    """The first document of each run of k words (`window_schema`), and what all later ones lose (`WORD_RANGES`).

    All rows of a document must be in one batch.
    """
    windows = rank_windows(rows)
    late = ~windows.is_same_document
    removed = late & (windows.columns["order_0"] != FIRST)
    position = windows.columns["position"][removed].astype(np.int64)
    return _without(rows, windows.row[late]), passages(windows.columns["node"][removed], position, position + k)


def _without(rows: pa.RecordBatch, gone: np.ndarray) -> pa.RecordBatch:
    stays = np.ones(rows.num_rows, np.bool_)
    stays[gone] = False
    return rows.filter(pa.array(stays))
