"""The report of a decontamination: the state of every benchmark item, and a page to read."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nsmallest
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa

from filters.ngrams.benchmarks import BenchmarkIndex
from pipelines.decontaminate.describe import SAFE_N
from schemas.contamination import item_state_schema

SEEN, CLEAN, UNKNOWN = "seen", "clean", "unknown"
EXAMPLES = 3
"""Documents that are named of each item."""


@dataclass
class Seen:
    """The documents that hold n-grams of an item."""

    documents: int = 0
    largest_share: float = 0.0
    examples: list[tuple[str, str]] = field(default_factory=list)
    """The smallest ``doc_id`` with the addresses."""


@dataclass
class Sightings:
    """What all shards together have seen."""

    items: dict[int, Seen] = field(default_factory=lambda: defaultdict(Seen))
    by_benchmark: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Documents by fate, of each benchmark; one document may count for several."""
    by_n: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """Documents by fate, of each n."""
    fates: Counter[str] = field(default_factory=Counter)
    """Documents by fate."""

    short_only: int = 0
    """Documents that hold none but n-grams of fewer than `SAFE_N` words."""

    def add_shard(self, index: BenchmarkIndex, batches: Iterator[pa.RecordBatch]) -> None:
        """Take in the rows of `FLAGGED_SCHEMA` of a shard."""
        rows = (row for batch in batches for row in batch.to_pylist())
        for _, group in groupby(rows, itemgetter("row")):
            document = list(group)
            fate = document[0]["fate"]
            lengths = {row["n"] for row in document}
            self.fates[fate] += 1
            self.short_only += max(lengths) < SAFE_N
            for benchmark in {int(index.ngrams.item_benchmarks[row["item"]]) for row in document}:
                self.by_benchmark[benchmark][fate] += 1
            for n in lengths:
                self.by_n[n][fate] += 1
            for row in document:
                self._add_item(row)

    def _add_item(self, row: dict) -> None:
        seen = self.items[row["item"]]
        seen.documents += 1
        seen.largest_share = max(seen.largest_share, row["share"])
        seen.examples = nsmallest(EXAMPLES, [*seen.examples, (row["doc_id"], row["uri"])])


def item_states(index: BenchmarkIndex, sightings: Sightings, exempt: np.ndarray) -> list[str]:
    """`SEEN`, `CLEAN` or `UNKNOWN` for every item; ``exempt`` (bool[ngrams]) are those of common usage."""
    usable = np.bincount(
        index.ngrams.items,
        weights=np.repeat(~exempt, np.diff(index.ngrams.item_offsets)),
        minlength=len(index.item_ids),
    )
    return [
        SEEN if item in sightings.items else CLEAN if count else UNKNOWN for item, count in enumerate(usable.tolist())
    ]


def item_rows(index: BenchmarkIndex, sightings: Sightings, states: Sequence[str]) -> Iterator[pa.RecordBatch]:
    """Every item as a row of `item_state_schema`, in the order of the index."""
    at_a_time = 10_000
    for start in range(0, len(states), at_a_time):
        rows = []
        for item in range(start, min(start + at_a_time, len(states))):
            benchmark = index.benchmark_of(item)
            seen = sightings.items.get(item, Seen())
            rows.append(
                {
                    "suite": benchmark.suite,
                    "subtask": benchmark.subtask,
                    "split": benchmark.split,
                    "revision": benchmark.revision,
                    "item": index.item_ids[item].as_py(),
                    "state": states[item],
                    "documents": seen.documents,
                    "largest_share": seen.largest_share,
                    "doc_ids": [doc_id for doc_id, _ in seen.examples],
                    "uris": [uri for _, uri in seen.examples],
                }
            )
        yield pa.RecordBatch.from_pylist(rows, item_state_schema())
