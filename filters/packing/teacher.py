"""A teacher's labels put into their places (AFM R21: its likeliest token with weight 0.9, the true one with 0.1)."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from filters.packing.positions import segment_ids
from schemas.packed_shard import has_teacher

WEIGHT = 0.9
"""AFM's."""


def with_labels(rows: pa.RecordBatch, labels: npt.NDArray[np.integer], weight: float = WEIGHT) -> pa.RecordBatch:
    """Rows of a packed shard with ``labels`` (integer[rows, sequence_length]): for position p the token after it.

    The weight is 0 where there is no token after it in the same document: at the ends of segments, and in padding.
    Raises ValueError for rows without places for labels, labels of another shape, and ids that the column cannot hold.
    """
    if not has_teacher(rows.schema):
        raise ValueError("these sequences have no places for labels: mix again with `teacher: true` in the stage")
    if labels.ndim != 2 or labels.shape[0] != rows.num_rows or labels.size != len(rows.column("tokens").flatten()):
        raise ValueError(f"labels are {labels.shape}, but there are {rows.num_rows} sequences, each position needs one")
    dtype = rows.schema.field("teacher_token").type
    most = np.iinfo(dtype.value_type.to_pandas_dtype()).max
    if labels.size and not 0 <= labels.min() <= labels.max() <= most:
        raise ValueError(f"labels from {labels.min()} to {labels.max()} are no ids of {dtype.value_type}")
    segments = segment_ids(rows, labels.shape[1])
    follows = np.zeros(labels.shape, np.bool_)
    follows[:, :-1] = (segments[:, :-1] == segments[:, 1:]) & (segments[:, 1:] > 0)
    offsets = pa.array(np.arange(0, labels.size + 1, labels.shape[1], dtype=np.int64))
    tokens = np.where(follows, labels, 0).ravel().astype(dtype.value_type.to_pandas_dtype())
    weights = np.where(follows, np.float32(weight), np.float32(0)).ravel()
    columns = {
        "teacher_token": pa.LargeListArray.from_arrays(offsets, pa.array(tokens), type=dtype),
        "teacher_weight": pa.LargeListArray.from_arrays(
            offsets, pa.array(weights), type=rows.schema.field("teacher_weight").type
        ),
    }
    return pa.RecordBatch.from_arrays(
        [columns.get(name, rows.column(name)) for name in rows.schema.names], schema=rows.schema
    )
