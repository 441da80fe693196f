"""Batches of a few texts for the tests of measures."""

from collections.abc import Sequence

import pyarrow as pa

from filters.batch import Batch


def batch_of(texts: Sequence[str], languages: Sequence[str | None] | None = None) -> Batch:
    """The texts as one batch; every document has an address of its own."""
    uris = pa.array([f"https://example.org/{number}" for number in range(len(texts))], pa.string())
    codes = pa.nulls(len(texts), pa.string()) if languages is None else pa.array(languages, pa.string())
    return Batch(pa.array(texts, pa.large_string()), uris, codes)
