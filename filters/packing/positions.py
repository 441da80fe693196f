"""Which document a position of a sequence belongs to, and its place there: what keeps documents apart in attention."""

# pyright: reportAttributeAccessIssue=false

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Matrix = npt.NDArray[np.int32]


def segment_ids(rows: pa.RecordBatch, sequence_length: int) -> Matrix:
    """int32[rows, sequence_length]: 1 for the first document of a sequence, 2 for the next ..., 0 for padding.

    ``rows`` are of a packed shard. A token may attend to those before it with the same number.
    """
    counts = pc.list_value_length(rows.column("segments")).to_numpy()
    first = np.repeat(np.cumsum(counts) - counts, counts)
    return _spread(rows, np.arange(len(first)) - first + 1, sequence_length)


def position_ids(rows: pa.RecordBatch, sequence_length: int, *, of_document: bool = False) -> Matrix:
    """int32[rows, sequence_length]: places counted from 0 in each segment, or in the whole document; 0 for padding.

    They differ where a document is cut: the place in the document goes on, that in the segment begins anew.
    """
    segments = rows.column("segments").flatten()
    begin = pc.struct_field(segments, "start").to_numpy().astype(np.int64)
    if of_document:
        begin = begin - pc.struct_field(segments, "document_offset").to_numpy()
    places = np.arange(sequence_length, dtype=np.int64)[None, :] - _spread(rows, begin, sequence_length)
    return np.where(segment_ids(rows, sequence_length) > 0, places, 0).astype(np.int32)


def _spread(rows: pa.RecordBatch, of_segments: np.ndarray, sequence_length: int) -> Matrix:
    """A number for each segment at all of its positions."""
    lengths = pc.struct_field(rows.column("segments").flatten(), "length").to_numpy()
    filled = np.arange(sequence_length)[None, :] < rows.column("length").to_numpy()[:, None]
    found = np.zeros((rows.num_rows, sequence_length), np.int32)
    found[filled] = np.repeat(of_segments, lengths)
    return found
