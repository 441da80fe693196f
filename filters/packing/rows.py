"""Rows of a packed shard as matrices: what a trainer feeds a model, with the boundaries of documents."""

# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from filters.packing.fill import Ids

IGNORED = -1
"""Where there is nothing to predict: the end of a segment, and padding. Below 0, as trainers leave out of the loss."""

Matrix = npt.NDArray[np.int32]


@dataclass(frozen=True)
class PackedRows:
    """Sequences of one length. Segments are runs of tokens of one document; no token should attend to another's."""

    tokens: Ids
    """uint16 or uint32[rows, sequence_length], padding included."""
    segment_lengths: Matrix
    """int32[segments], of all rows, in order."""
    first_segment: npt.NDArray[np.int64]
    """int64[rows + 1]: the segments of row r are ``segment_lengths[first_segment[r]:first_segment[r + 1]]``."""

    @classmethod
    def of(cls, batch: pa.RecordBatch) -> "PackedRows":
        """The rows of a packed shard (`schemas.packed_shard`)."""
        segments = batch.column("segments")
        first = segments.offsets.to_numpy().astype(np.int64)
        lengths = pc.struct_field(segments.flatten(), "length").to_numpy().astype(np.int32, copy=False)
        return cls(matrix(batch.column("tokens")), lengths, first - first[0])

    @cached_property
    def segment_ids(self) -> Matrix:
        """int32[rows, sequence_length]: 1 for the first segment of a row, then 2 ...; 0 for padding."""
        return self._spread(np.arange(len(self.segment_lengths)) - np.repeat(self.first_segment[:-1], self._counts) + 1)

    @cached_property
    def positions(self) -> Matrix:
        """int32[rows, sequence_length]: from 0 within each segment; 0 for padding."""
        rows, length = self.tokens.shape
        places = np.arange(rows * length, dtype=np.int64).reshape(rows, length)
        return np.where(self.segment_ids > 0, places - self._spread(self._starts, np.int64), 0).astype(np.int32)

    @cached_property
    def labels(self) -> Matrix:
        """int32[rows, sequence_length]: the next token of the same segment, ``IGNORED`` where there is none."""
        found = np.full(self.tokens.shape, IGNORED, np.int32)
        follows = (self.segment_ids[:, 1:] == self.segment_ids[:, :-1]) & (self.segment_ids[:, 1:] > 0)
        found[:, :-1][follows] = self.tokens[:, 1:][follows]
        return found

    @property
    def _counts(self) -> npt.NDArray[np.int64]:
        return np.diff(self.first_segment)

    @cached_property
    def _starts(self) -> npt.NDArray[np.int64]:
        """int64[segments]: where each begins, in all rows one after the other."""
        before = np.cumsum(self.segment_lengths, dtype=np.int64) - self.segment_lengths
        row = np.repeat(np.arange(len(self.tokens)), self._counts)
        of_row = np.append(before, 0)[self.first_segment[:-1]]
        return before - of_row[row] + row * self.tokens.shape[1]

    def _spread(self, values: npt.NDArray[np.int64], dtype: type[np.int32] | type[np.int64] = np.int32) -> np.ndarray:
        """A value of each segment, at all its places; 0 for padding."""
        found = np.zeros(self.tokens.size, dtype)
        starts, lengths = self._starts, self.segment_lengths.astype(np.int64)
        places = np.arange(lengths.sum()) + np.repeat(starts - (np.cumsum(lengths) - lengths), lengths)
        found[places] = np.repeat(values, lengths)
        return found.reshape(self.tokens.shape)


def matrix(lists: pa.LargeListArray) -> np.ndarray:
    """Lists of one length as [rows, length], without a copy. Raises ValueError where their lengths differ."""
    values = lists.flatten().to_numpy(zero_copy_only=True)
    lengths = np.diff(lists.offsets.to_numpy())
    if len(lengths) and (lengths != lengths[0]).any():
        raise ValueError(f"rows of one packed shard have {lengths.min()} to {lengths.max()} tokens")
    return values.reshape(len(lengths), -1 if len(lengths) else 0)
