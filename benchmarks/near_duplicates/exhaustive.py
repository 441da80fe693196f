"""All pairs of documents with a Jaccard similarity from a threshold on: exact, with nothing left to chance.

An inverted index from shingles to documents. Two sets with similarity t share at least t times the larger one's
shingles, so in any one order of all shingles they share one of the first ``n - ceil(t n) + 1`` of each. With rare
shingles first few pairs meet there, and the whole sets of every pair that does are compared.
Source: Bayardo, Ma, Srikant, Scaling Up All Pairs Similarity Search (https://doi.org/10.1145/1242572.1242591).
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from filters.kernel import kernel
from filters.minhash.shingles import Shingles


@dataclass(frozen=True)
class SimilarPairs:
    """Positions of documents ``left`` < ``right`` (int32[pairs]) and their similarity ``jaccard`` (float64[pairs])."""

    left: np.ndarray
    right: np.ndarray
    jaccard: np.ndarray

    def __len__(self) -> int:
        return len(self.left)


def similar_pairs(sets: Shingles, min_jaccard: float) -> SimilarPairs:
    """All pairs with at least this similarity, which is over 0, in order; documents without shingles are in none.

    ``sets`` are sorted, as `filters.minhash.jaccard.shingle_sets` gives them.
    """
    _, numbers, counts = np.unique(sets.hashes, return_inverse=True, return_counts=True)
    rarest_first = np.empty(len(counts), np.int32)
    rarest_first[np.argsort(counts, kind="stable")] = np.arange(len(counts), dtype=np.int32)
    shingles = rarest_first[numbers]
    offsets = sets.offsets
    for document in range(len(offsets) - 1):
        shingles[offsets[document] : offsets[document + 1]].sort()
    by_size = np.argsort(np.diff(offsets), kind="stable").astype(np.int32)
    texts = _Texts(shingles, offsets, by_size, len(counts))
    left, right, jaccard = _search(texts, *_index(texts, min_jaccard), min_jaccard)
    order = np.lexsort((right, left))
    return SimilarPairs(left[order], right[order], jaccard[order])


class _Texts(NamedTuple):
    """Sets of shingles, numbered by rarity (int32), with ``offsets``, and the documents in order of size."""

    shingles: np.ndarray
    offsets: np.ndarray
    by_size: np.ndarray
    distinct: int


@kernel
def _prefix(offsets: np.ndarray, document: int, min_jaccard: float) -> tuple[int, int]:
    """Where a document's shingles that are looked up begin and end."""
    first, size = offsets[document], offsets[document + 1] - offsets[document]
    shared = int(np.ceil(min_jaccard * size - 1e-6))  # a rounding error makes the prefix longer, never shorter
    return first, first + (size - shared + 1 if size else 0)


@kernel
def _index(texts: _Texts, min_jaccard: float) -> tuple[np.ndarray, np.ndarray]:
    """For each shingle the documents in whose prefix it stands, as positions in ``by_size``, rising."""
    shingles, offsets, by_size = texts.shingles, texts.offsets, texts.by_size
    starts = np.zeros(texts.distinct + 1, np.int64)
    for document in by_size:
        for position in range(*_prefix(offsets, document, min_jaccard)):
            starts[shingles[position] + 1] += 1
    starts = np.cumsum(starts)
    filled = starts[:-1].copy()
    postings = np.empty(starts[-1], np.int32)
    for place in range(len(by_size)):
        for position in range(*_prefix(offsets, by_size[place], min_jaccard)):
            postings[filled[shingles[position]]] = place
            filled[shingles[position]] += 1
    return starts, postings


@kernel
def _search(
    texts: _Texts, starts: np.ndarray, postings: np.ndarray, min_jaccard: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    shingles, offsets, by_size = texts.shingles, texts.offsets, texts.by_size
    left, right, jaccard = np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.float64)
    met = np.full(len(by_size), -1, np.int32)
    found = 0
    for place in range(len(by_size)):
        document = by_size[place]
        mine = shingles[offsets[document] : offsets[document + 1]]
        start, end = _prefix(offsets, document, min_jaccard)
        for shingle in shingles[start:end]:
            for position in range(starts[shingle], starts[shingle + 1]):
                other_place = postings[position]
                if other_place >= place:
                    break
                if met[other_place] == place:
                    continue
                met[other_place] = place
                other = by_size[other_place]
                similarity = _jaccard(mine, shingles[offsets[other] : offsets[other + 1]])
                if similarity < min_jaccard:
                    continue
                if found == len(left):
                    left, right = np.append(left, np.empty_like(left)), np.append(right, np.empty_like(right))
                    jaccard = np.append(jaccard, np.empty_like(jaccard))
                left[found], right[found] = min(document, other), max(document, other)
                jaccard[found] = similarity
                found += 1
    return left[:found].copy(), right[:found].copy(), jaccard[:found].copy()


@kernel
def _jaccard(left: np.ndarray, right: np.ndarray) -> float:
    """Of two sorted sets, of which one at least is not empty."""
    i = j = common = 0
    while i < len(left) and j < len(right):
        a, b = left[i], right[j]
        common += int(a == b)
        i += int(a <= b)
        j += int(b <= a)
    return common / (len(left) + len(right) - common)
