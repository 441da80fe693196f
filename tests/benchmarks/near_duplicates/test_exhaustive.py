"""The exhaustive search finds what comparing all pairs one by one finds."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.near_duplicates.exhaustive import similar_pairs
from filters.minhash.shingles import Shingles

thresholds = st.sampled_from([0.1, 0.25, 1 / 3, 0.5, 0.75, 0.8, 1.0])


def as_shingles(sets: list[set[int]]) -> Shingles:
    hashes = [np.array(sorted(each), np.uint64) for each in sets]
    return Shingles(np.concatenate([np.zeros(0, np.uint64), *hashes]), np.cumsum([0, *map(len, hashes)]))


def by_brute_force(sets: list[set[int]], min_jaccard: float) -> list[tuple[int, int, float]]:
    pairs = ((i, j, len(sets[i] & sets[j]), len(sets[i] | sets[j])) for i, j in combinations(range(len(sets)), 2))
    return [(i, j, common / all_of) for i, j, common, all_of in pairs if all_of and common / all_of >= min_jaccard]


def found(sets: list[set[int]], min_jaccard: float) -> list[tuple[int, int, float]]:
    pairs = similar_pairs(as_shingles(sets), min_jaccard)
    return list(zip(pairs.left.tolist(), pairs.right.tolist(), pairs.jaccard.tolist(), strict=True))


@given(st.lists(st.sets(st.integers(0, 12)), max_size=12), thresholds)
def test_small_sets(sets, min_jaccard):
    assert found(sets, min_jaccard) == by_brute_force(sets, min_jaccard)


def test_copies_of_large_sets():
    random = np.random.RandomState(1)
    sets = [set(random.randint(0, 2**62, size).tolist()) for size in random.randint(1, 300, 20)]
    for original in list(sets):
        for share in (0.0, 0.05, 0.1, 0.25, 0.4):
            dropped = {item for item in original if random.rand() < share}
            sets.append(original - dropped | set(random.randint(0, 2**62, len(dropped)).tolist()))
    for min_jaccard in (0.3, 0.75, 0.9, 1.0):
        expected = by_brute_force(sets, min_jaccard)
        assert len(expected) >= 20
        assert found(sets, min_jaccard) == expected
