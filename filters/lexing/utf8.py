"""The bytes of texts, as kernels read them."""

import numpy as np
import pyarrow as pa


def utf8(text: pa.LargeStringArray) -> tuple[np.ndarray, np.ndarray]:
    """The bytes of all texts as (uint8[bytes], offsets int64[documents + 1]); no byte is copied."""
    text = text.cast(pa.large_string())  # nothing where the type is right already; other offsets would be misread
    _, offsets, data = text.buffers()
    if not len(text) or data is None:
        return np.zeros(0, np.uint8), np.zeros(len(text) + 1, np.int64)
    return np.frombuffer(data, np.uint8), np.frombuffer(offsets, np.int64)[text.offset : text.offset + len(text) + 1]
