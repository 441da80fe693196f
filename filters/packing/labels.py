"""What a model has to predict at each position of a packed sequence."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from filters.packing.positions import Matrix

IGNORED = -1
"""Where there is nothing to predict: the end of a segment, and padding. Below 0, as trainers leave out of the loss."""


def next_tokens(tokens: npt.NDArray[np.integer], segments: Matrix) -> Matrix:
    """int32[rows, sequence_length]: the next token of the same segment, ``IGNORED`` where there is none.

    ``tokens`` (integer[rows, sequence_length]) and ``segments`` (as `segment_ids` gives them) are of the same rows.
    """
    found = np.full(tokens.shape, IGNORED, np.int32)
    follows = (segments[:, 1:] == segments[:, :-1]) & (segments[:, 1:] > 0)
    found[:, :-1][follows] = tokens[:, 1:][follows]
    return found


def matrix(lists: pa.LargeListArray) -> np.ndarray:
    """Lists of one length as [rows, length], without a copy. Raises ValueError where their lengths differ."""
    lengths = np.diff(lists.offsets.to_numpy())
    if not len(lengths):
        return np.zeros((0, 0), lists.type.value_type.to_pandas_dtype())
    if (lengths != lengths[0]).any():
        raise ValueError(f"rows of one packed shard have {lengths.min()} to {lengths.max()} tokens")
    return lists.flatten().to_numpy(zero_copy_only=True).reshape(len(lengths), -1)
