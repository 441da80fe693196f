from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.minhash.jaccard import FALSE, jaccard_if, jaccard_of_pairs, shingle_sets
from filters.minhash.shingles import Shingles

VALUES = st.lists(st.integers(0, 60).map(lambda v: v * (2**58 + 1)), max_size=80)


def in_rows(documents):
    hashes = np.array([value for document in documents for value in document], np.uint64)
    return Shingles(hashes, np.cumsum([0, *map(len, documents)], dtype=np.int64))


@given(st.lists(VALUES, max_size=6))
def test_sets_are_those_of_python(documents):
    found = shingle_sets(in_rows(documents))
    assert [found.hashes[a:b].tolist() for a, b in pairwise(found.offsets)] == [sorted(set(d)) for d in documents]
    assert (found.hashes.dtype, found.offsets.dtype) == (np.uint64, np.int64)


def test_making_sets_changes_nothing():
    given_shingles = in_rows([[3, 1, 3]])
    shingle_sets(given_shingles)
    assert given_shingles.hashes.tolist() == [3, 1, 3]


@given(st.lists(VALUES, min_size=1, max_size=6))
def test_similarities_are_those_of_python_sets(documents):
    pairs = [(a, b) for a in range(len(documents)) for b in range(len(documents))]
    left, right = np.array(pairs).T
    found = jaccard_of_pairs(shingle_sets(in_rows(documents)), left, right)
    sets = [set(document) for document in documents]
    assert found.tolist() == [len(sets[a] & sets[b]) / len(sets[a] | sets[b] or {0}) for a, b in pairs]


@given(VALUES, VALUES, st.one_of(st.floats(0, 1), st.sampled_from([0.5, 0.75, 0.8, 1.0])))
def test_the_threshold_decides_as_the_whole_comparison_does(left, right, threshold):
    one, other = np.unique(np.array(left, np.uint64)), np.unique(np.array(right, np.uint64))
    similarity = jaccard_if(one, other, 0.0)
    assert jaccard_if(one, other, threshold) == (similarity if similarity >= threshold else FALSE)


@pytest.mark.parametrize(("left", "right", "expected"), [([], [], 0.0), ([1], [], 0.0), ([1], [1], 1.0)])
def test_empty_documents_share_nothing(left, right, expected):
    sets = shingle_sets(in_rows([left, right]))
    assert jaccard_of_pairs(sets, np.array([0]), np.array([1])).tolist() == [expected]


def test_exactly_three_quarters_is_enough():
    assert jaccard_if(np.arange(7, dtype=np.uint64), np.arange(1, 8, dtype=np.uint64), 0.75) == 0.75
    large = jaccard_if(np.arange(700, dtype=np.uint64), np.arange(100, 800, dtype=np.uint64), 0.75)
    assert large == 0.75
