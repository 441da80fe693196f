"""Recall and precision on corpora so small that they can be worked out by hand."""

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.near_duplicates.exhaustive import SimilarPairs, similar_pairs
from benchmarks.near_duplicates.figures import bands_of_pairs, judge, recall_by_similarity
from benchmarks.near_duplicates.found import Found
from benchmarks.near_duplicates.plain_words import plain_sets
from filters.minhash.shingles import Shingles

SETS = [{1, 2, 3, 4}, {1, 2, 3, 4}, {1, 2, 3, 4, 5}, {11, 12, 13, 14}, {11, 12, 13}, {21, 22}]
"""Similar at 0.75: 0 and 1 (equal), 0 and 2, 1 and 2 (0.8), 3 and 4 (0.75)."""


@pytest.fixture
def sets():
    return Shingles(
        np.concatenate([np.array(sorted(each), np.uint64) for each in SETS]), np.cumsum([0, *map(len, SETS)])
    )


@pytest.fixture
def truth(sets):
    return similar_pairs(sets, 0.75)


@pytest.fixture
def found():
    """0 and 1 joined, and, wrongly, 5 to 3."""
    return Found(
        dropped=np.array([False, True, False, False, False, True]),
        cluster=np.array([0, 0, 2, 3, 4, 3]),
        pairs=np.array([[1, 0], [5, 3]]),
    )


def test_judgement(truth, sets, found):
    judged = judge(truth, sets, found, 0.75)
    assert judged.recall == 1 / 4
    assert judged.recall_of_unequal == 0
    assert judged.precision == judged.justified == judged.covered == 1 / 2


def test_dropped_for_a_document_that_is_dropped_too(truth, sets):
    all_dropped = Found(np.array([True] * 3 + [False] * 3), np.array([0, 0, 0, 3, 4, 5]), np.array([[1, 0], [2, 0]]))
    judged = judge(truth, sets, all_dropped, 0.75)
    assert (judged.justified, judged.covered) == (1, 0)
    assert judged.recall == 3 / 4
    assert judged.precision == 1


def test_recall_by_similarity(truth, found):
    bands = np.array([[1, 1], [1, 2], [9, 2], [4, 4], [5, 5], [6, 6]], np.uint64)  # 0 meets 1, 1 meets 2
    other = np.array([[1, 1], [1, 1], [1, 1], [4, 4], [5, 4], [6, 6]], np.uint64)  # all similar pairs meet
    rows = {row.label: row for row in recall_by_similarity(truth, bands, [bands, other], found, rows=1, least=0.75)}
    assert list(rows) == [
        *("0.75 to 0.80", "0.80 to 0.85", "0.85 to 0.90", "0.90 to 0.95", "0.95 to 1.00"),
        *("equal sets", "all but equal sets", "all"),
    ]
    assert [rows[label].pairs for label in rows] == [1, 2, 0, 0, 0, 1, 3, 4]
    some = rows["0.80 to 0.85"]
    assert (some.in_band, some.mean, some.deviation, some.in_cluster) == (0.5, 0.75, 0.25, 0)
    assert some.expected == pytest.approx(1 - 0.2**2)
    assert rows["equal sets"].in_cluster == rows["equal sets"].expected == 1
    assert rows["all"].in_band == 1 / 2
    assert rows["all"].expected == pytest.approx((1 + 2 * (1 - 0.2**2) + 1 - 0.25**2) / 4)


def test_recall_of_many_pairs_follows_the_curve():
    random = np.random.RandomState(0)
    shared = random.randint(0, 2**62, (400, 80))
    own = random.randint(0, 2**62, (400, 2, 10))
    rows = [np.sort(np.concatenate([shared[i], own[i, j]])) for i in range(400) for j in range(2)]
    sets = Shingles(np.concatenate(rows).astype(np.uint64), np.arange(801) * 90)
    pairs = similar_pairs(sets, 0.75)
    assert pairs.left.tolist() == list(range(0, 800, 2))
    assert pairs.jaccard == pytest.approx(0.8)
    alone = Found(np.zeros(800, bool), np.arange(800), np.zeros((0, 2), np.int64))
    bands = [bands_of_pairs(sets, pairs, 14, 8, seed) for seed in range(10)]
    everything = recall_by_similarity(pairs, bands[0], bands, alone, rows=8, least=0.75)[-1]
    assert everything.expected == pytest.approx(0.9235, abs=1e-4)
    assert everything.mean == pytest.approx(everything.expected, abs=0.01)
    assert everything.in_cluster == 0


def test_bands_of_documents_in_no_pair_are_left_out(sets):
    pairs = SimilarPairs(np.array([3], np.int32), np.array([4], np.int32), np.array([0.75]))
    bands = bands_of_pairs(sets, pairs, 2, 1, 1)
    assert not bands[[0, 1, 2, 5]].any()
    assert bands[[3, 4]].all()


def test_plain_words():
    text = pa.array(["Java.util, twice! java UTIL", "java util TWICE java util more", ""], pa.large_string())
    sets = plain_sets(text, 2)
    assert sets.per_document.tolist() == [3, 4, 0]
    assert similar_pairs(sets, 0.5).jaccard.tolist() == [3 / 4]
