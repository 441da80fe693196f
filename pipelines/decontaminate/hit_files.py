"""The hits of a shard's documents as a file, and the counts of n-grams over a shard or the corpus."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from filters.lexing.hashed_words import HashedWords
from filters.ngrams.index import NgramIndex
from filters.ngrams.match import Hits
from pipelines.decontaminate.setting import ALL, COMMON
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.outputs.parquet import row_groups

HIT_SCHEMA = pa.schema(
    [
        pa.field("row", pa.int64(), nullable=False),
        pa.field("word", pa.int64(), nullable=False),
        pa.field("ngram", pa.int64(), nullable=False),
        pa.field("start", pa.int64(), nullable=False),
        pa.field("end", pa.int64(), nullable=False),
    ]
)
"""A row a hit, in the order of documents and words: the document's row in its shard, and the fields of `PlacedHits`."""

COUNT_SCHEMA = pa.schema(
    [pa.field("ngram", pa.int64(), nullable=False), pa.field("documents", pa.int64(), nullable=False)]
)
"""A row an n-gram that was found, ascending: how many documents hold it."""

COMMON_SCHEMA = COUNT_SCHEMA.append(pa.field("exempt", pa.bool_(), nullable=False))
"""The same over the whole corpus: whether it is common usage, and so no evidence."""


@dataclass(frozen=True)
class PlacedHits:
    """Hits, and where they stand in the texts: ``start`` and ``end`` are bytes of the document, int64[hits]."""

    hits: Hits
    start: np.ndarray
    end: np.ndarray

    @classmethod
    def of(cls, hits: Hits, words: HashedWords, index: NgramIndex) -> Self:
        """The hits among some words, with their places."""
        first = words.offsets[hits.document] + hits.word
        return cls(hits, words.start[first], words.end[first + index.lengths[hits.ngram] - 1])

    def __len__(self) -> int:
        return len(self.hits)

    def select(self, keep: np.ndarray) -> "PlacedHits":
        """Only the hits where ``keep`` (bool[hits]) is true, or at these positions (int64)."""
        return PlacedHits(self.hits.select(keep), self.start[keep], self.end[keep])


def hit_rows(placed: PlacedHits, first_row: int) -> pa.RecordBatch:
    """Hits as rows of `HIT_SCHEMA`; document 0 is the row ``first_row``."""
    hits = placed.hits
    columns = (hits.document + first_row, hits.word, hits.ngram, placed.start, placed.end)
    return pa.RecordBatch.from_arrays([pa.array(column) for column in columns], schema=HIT_SCHEMA)


def count_rows(counts: np.ndarray) -> pa.RecordBatch:
    """The n-grams whose count (int64[ngrams]) is not 0, as rows of `COUNT_SCHEMA`."""
    found = np.flatnonzero(counts)
    return pa.RecordBatch.from_arrays([pa.array(found), pa.array(counts[found])], schema=COUNT_SCHEMA)


def read_common(layout: Layout, ngrams: int) -> tuple[np.ndarray, np.ndarray]:
    """How many documents of the corpus hold each n-gram (int64[ngrams]), and whether it is exempt (bool[ngrams])."""
    counts, exempt = np.zeros(ngrams, np.int64), np.zeros(ngrams, np.bool_)
    for batch in row_groups(layout.uri(layout.data(COMMON, ALL.name))):
        ngram, documents, is_exempt = (column.to_numpy(zero_copy_only=False) for column in batch.columns)
        counts[ngram], exempt[ngram] = documents, is_exempt
    return counts, exempt


class HitReader:
    """The hits of a shard, some documents at a time; holds a row group of the file."""

    def __init__(self, uri: str) -> None:
        self._batches: Iterator[pa.RecordBatch] = row_groups(uri)
        self._held: list[np.ndarray] = [np.empty(0, np.int64) for _ in HIT_SCHEMA]
        self._first = 0

    def take(self, documents: int) -> PlacedHits:
        """The hits of the next ``documents``, which are numbered from 0 here."""
        parts, last = [], self._first + documents
        while True:
            end = int(np.searchsorted(self._held[0], last))
            parts.append([column[:end] for column in self._held])
            self._held = [column[end:] for column in self._held]
            if len(self._held[0]) or (batch := next(self._batches, None)) is None:
                break
            self._held = [column.to_numpy() for column in batch.columns]
        row, word, ngram, start, end_byte = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        first, self._first = self._first, last
        return PlacedHits(Hits(row - first, word, ngram), start, end_byte)
