"""Values of a shard's documents, several or none for each, found by row."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from filters.clusters.nodes import ROW_BITS


@dataclass(frozen=True)
class ByRow:
    """``row`` (int64) of the document of each entry, rising, and some columns of values."""

    row: np.ndarray
    values: tuple[np.ndarray, ...]

    @classmethod
    def of_nodes(cls, node: np.ndarray, *values: np.ndarray) -> Self:
        """Entries by ``node`` (uint64, all of one shard); those of a document are sorted by the values."""
        row = (node & np.uint64((1 << ROW_BITS) - 1)).astype(np.int64)
        order = np.lexsort([*reversed(values), row])
        return cls(row[order], tuple(column[order].astype(np.int64) for column in values))

    def of(self, rows: np.ndarray) -> tuple[np.ndarray, ...]:
        """The entries of some rows: the position of each one's row in ``rows``, then its values (int64 each)."""
        first = np.searchsorted(self.row, rows)
        count = np.searchsorted(self.row, rows, side="right") - first
        position = np.repeat(np.arange(len(rows)), count)
        entry = np.arange(len(position)) + np.repeat(first - (np.cumsum(count) - count), count)
        return position, *(column[entry] for column in self.values)

    def mask(self, rows: int) -> np.ndarray:
        """bool[rows]: the row has an entry."""
        mask = np.zeros(rows, np.bool_)
        mask[self.row] = True
        return mask
