"""What cross-document passes know of a document: its text, its node, and its place in a fixed order."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa


@dataclass(frozen=True)
class Documents:
    """Some documents of a corpus.

    ``text`` is large_string[documents] without nulls. ``node`` (uint64[documents]) says where it is found
    again; no result depends on it. ``order_high`` and ``order_low`` (uint64[documents] each) are compared one after the
    other: of repeated text, the document with the smallest keeps it. No two documents of a corpus have the same.
    """

    text: pa.LargeStringArray
    node: np.ndarray
    order_high: np.ndarray
    order_low: np.ndarray
