"""From values of words or lines to values of documents."""

import numpy as np
import pyarrow as pa


def total(values: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """int64[documents]: the sum of ``values[offsets[d]:offsets[d + 1]]`` (bool or integer)."""
    sums = np.zeros(len(values) + 1, np.int64)
    np.cumsum(values, out=sums[1:])
    return sums[offsets[1:]] - sums[offsets[:-1]]


def ratio(part: np.ndarray, whole: np.ndarray) -> pa.DoubleArray:
    """``part / whole`` as float64, null where ``whole`` is 0 (nothing to measure)."""
    nothing = whole == 0
    return pa.array(part / np.where(nothing, 1, whole), pa.float64(), mask=nothing)


def kept_offsets(keep: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """The offsets that remain when only the values with ``keep`` (bool) are kept."""
    return np.concatenate(([0], np.cumsum(keep)))[offsets]
