"""A tokenizer that encodes what repeats once: segments of texts, numbered, kept across batches."""

from collections.abc import Iterable, Sequence
from itertools import chain, pairwise

import numpy as np
import pyarrow as pa

from filters.lexing.growing import GrowingArray
from filters.lexing.utf8 import utf8
from pipelines.tokenize.cutting.merging import LEFT, encode_segments
from pipelines.tokenize.cutting.segments import Numbers, Table, gather, number_segments, place, token_offsets
from pipelines.tokenize.libraries.library import Cuttable, Library
from pipelines.tokenize.tokenizer import Ids, Integers, Tokens, id_type
from schemas.fingerprint import fingerprint

CACHE_BYTES = 128 << 20
"""Segments are forgotten, all at once, when they and their tokens take more."""
CHUNK_BYTES = 4 << 20
"""Text that is looked at together; a longer one is looked at whole."""
_NUMBERS = 1 << 20
"""Segments numbered before room for more is made."""
_SMALLEST = 1 << 14
"""Segments that a new cache has room for."""


class CachedTokenizer:
    """The ids of a library, several times as fast where words repeat.

    Memory: ``cache_bytes``, what a chunk of text adds to it, and the tokens of the batch.
    """

    def __init__(self, library: Library, cache_bytes: int = CACHE_BYTES) -> None:
        self.library = library
        self.vocab_size = library.vocab_size
        self.fingerprint = fingerprint([library.identity, "ids"])
        cutting = library.cutting()
        self.description = f"{library.name}; {'' if isinstance(cutting, Cuttable) else 'whole: '}{cutting.why}"
        self._cutting = cutting
        self._segments = _Segments(library, cutting) if isinstance(cutting, Cuttable) else None
        self._cache_bytes = cache_bytes
        self._dtype = id_type(library.vocab_size)

    def encode(self, text: pa.LargeStringArray) -> Tokens:
        """The tokens of every text."""
        parts = [self._encode(chunk) for chunk in _chunks(text.cast(pa.large_string()).fill_null(""))]
        if len(parts) == 1:
            return parts[0]
        ids = np.concatenate([part.ids for part in parts] or [np.zeros(0, self._dtype)]).astype(self._dtype, copy=False)
        lengths = np.concatenate([np.diff(part.offsets) for part in parts] or [np.zeros(0, np.int64)])
        return Tokens(ids, np.concatenate([[0], np.cumsum(lengths)]))

    def decode(self, ids: Sequence[int]) -> str:
        """The text that tokens stand for."""
        return self.library.decode(ids)

    def _encode(self, text: pa.LargeStringArray) -> Tokens:
        if self._segments is None or not isinstance(self._cutting, Cuttable):
            found = self.library.encode(text.to_pylist())
            return Tokens(flat(found, self._dtype), _offsets(found))
        tokens = self._segments.encode(text)
        if self._segments.nbytes > self._cache_bytes:
            self._segments = _Segments(self.library, self._cutting)
        return tokens


class _Segments:
    """Segments seen so far, each with a number and its tokens."""

    def __init__(self, library: Library, cutting: Cuttable) -> None:
        self._library, self._boundaries, self._merges = library, cutting.boundaries, cutting.merges
        self._table = _table(_SMALLEST)
        self._known = 0
        self._ids = GrowingArray(id_type(library.vocab_size), 4 * _SMALLEST)
        self._starts = GrowingArray(np.int64, _SMALLEST)
        self._starts.extend([0])

    @property
    def nbytes(self) -> int:
        """Memory in use."""
        return sum(part.nbytes for part in (*self._table, self._ids.values, self._starts.values))

    def encode(self, text: pa.LargeStringArray) -> Tokens:
        """The tokens of some texts."""
        data, offsets = utf8(text)
        numbers, ends = self._number(data, offsets)
        self._encode_new()
        starts, pool = self._starts.values, self._ids.values
        found = token_offsets(numbers, ends, starts)
        ids = np.empty(found[-1], pool.dtype)
        gather(numbers, starts, pool, ids)
        return Tokens(ids, found)

    def _number(self, data: np.ndarray, offsets: Integers) -> tuple[Numbers, Integers]:
        """The number of each segment, and how many there are up to the end of each text."""
        parts: list[Numbers] = []
        ends, state = np.zeros(len(offsets), np.int64), np.array([0, offsets[0], self._known, 0], np.int64)
        room = min(_NUMBERS, int(offsets[-1] - offsets[0]) + 1)
        done = False
        while not done:
            numbers, before = np.empty(room, np.int32), int(state[3])
            done = number_segments(data, offsets, self._boundaries, self._table, (numbers, ends), state)
            parts.append(numbers[: state[3] - before])
            self._known = int(state[2])
            if not done and len(parts[-1]) < room:
                needed = int(offsets[state[0] + 1] - state[1])
                self._table = _grown(self._table, self._known, needed)
        return np.concatenate(parts) if len(parts) > 1 else parts[0], ends

    def _encode_new(self) -> None:
        """Let the library encode the segments that have no tokens yet."""
        first = len(self._starts.values) - 1
        if first == self._known:
            return
        offsets = self._table.offsets[first : self._known + 1]
        buffers = [None, pa.py_buffer(offsets), pa.py_buffer(self._table.data)]
        segments = pa.LargeStringArray.from_buffers(self._known - first, buffers[1], buffers[2])
        ids, counts = self._merged(offsets)
        left = np.flatnonzero(counts == LEFT)
        if len(left):
            found = self._library.encode(segments.take(pa.array(left)).to_pylist())
            counts[left] = np.fromiter(map(len, found), np.int64, len(found))
            ids = _put_together(ids, flat(found, ids.dtype), np.repeat(np.isin(np.arange(len(counts)), left), counts))
        self._starts.extend(np.cumsum(counts) + len(self._ids.values))
        self._ids.extend(ids)

    def _merged(self, offsets: Integers) -> tuple[Ids, Integers]:
        """The ids of segments that need no library, and how many each has; `LEFT` for the others."""
        counts = np.full(len(offsets) - 1, LEFT, np.int64)
        if self._merges is None:
            return np.zeros(0, self._ids.values.dtype), counts
        ids = np.empty(offsets[-1] - offsets[0], np.int32)
        written = encode_segments(self._table.data, offsets, self._merges, ids, counts)
        return ids[:written].astype(self._ids.values.dtype), counts


def flat(found: Sequence[Sequence[int]], dtype: type | np.dtype) -> np.ndarray:
    """All ids, one after the other. Raises OverflowError for one that ``dtype`` cannot hold."""
    ids = np.fromiter(chain.from_iterable(found), np.int64)
    if len(ids) and not 0 <= ids.min() <= ids.max() <= np.iinfo(dtype).max:
        raise OverflowError(f"ids from {ids.min()} to {ids.max()} do not fit {np.dtype(dtype)}")
    return ids.astype(dtype)


def _put_together(ids: Ids, others: Ids, is_other: np.ndarray) -> Ids:
    """Both in one, ``others`` where ``is_other`` (bool[all]) says so."""
    whole = np.empty(len(is_other), ids.dtype)
    whole[is_other], whole[~is_other] = others, ids
    return whole


def _offsets(found: Sequence[Sequence[int]]) -> Integers:
    offsets = np.zeros(len(found) + 1, np.int64)
    np.cumsum(np.fromiter(map(len, found), np.int64, len(found)), out=offsets[1:])
    return offsets


def _table(capacity: int) -> Table:
    """Room for ``capacity`` segments, of eight bytes on average."""
    slots = np.zeros(2 * capacity, np.uint64)
    offsets = np.zeros(capacity + 1, np.int64)
    return Table(slots, np.empty(capacity, np.uint64), offsets, np.empty(8 * capacity, np.uint8))


def _grown(table: Table, known: int, needed: int) -> Table:
    """The table with more room where it was short of it: for segments, or for ``needed`` bytes."""
    capacity, used = len(table.hashes), int(table.offsets[known])
    if known == capacity:
        larger = _table(2 * capacity)
        larger.hashes[:known], larger.offsets[: known + 1] = table.hashes, table.offsets
        place(larger.slots, larger.hashes, known)
        table = larger._replace(data=table.data)
    if used + needed > len(table.data):
        data = np.empty(max(2 * len(table.data), used + needed), np.uint8)
        data[:used] = table.data[:used]
        table = table._replace(data=data)
    return table


def _chunks(text: pa.LargeStringArray) -> Iterable[pa.LargeStringArray]:
    """Slices of about ``CHUNK_BYTES`` of text, one text at least."""
    _, offsets = utf8(text)
    if not len(text) or offsets[-1] - offsets[0] <= CHUNK_BYTES:
        return [text]
    wanted = np.arange(offsets[0], offsets[-1], CHUNK_BYTES)
    edges = np.unique([*np.searchsorted(offsets[:-1], wanted, side="left"), len(text)])
    return [text.slice(start, end - start) for start, end in pairwise(edges.tolist())]
