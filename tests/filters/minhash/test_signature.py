from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from datasketch import MinHash
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.conformance.texts import page_texts
from filters.batch import Batch
from filters.minhash.permutations import permutations
from filters.minhash.shingles import shingles
from filters.minhash.signature import EMPTY, signatures


def datasketch_signature(hashes, count, seed):
    reference = MinHash(num_perm=count, seed=seed, scheme="affine32", hashfunc=lambda value: value & 0xFFFFFFFF)
    reference.update_batch(hashes)
    return reference.hashvalues.tolist()


@pytest.mark.parametrize("seed", [0, 1, 42, 2**32 - 1])
def test_permutations_are_those_of_datasketch(seed):
    found = permutations(112, seed)
    a, b = MinHash(num_perm=112, seed=seed, scheme="affine32").permutations
    assert found.multipliers.tolist() == a.tolist()
    assert found.increments.tolist() == b.tolist()
    assert found.multipliers.dtype == found.increments.dtype == np.uint32


def test_permutations_never_change():
    found = permutations(2, 1)
    assert (found.multipliers.tolist(), found.increments.tolist()) == (
        [3582191691, 4270784983],
        [3093770124, 4005303368],
    )
    assert not found.multipliers.flags.writeable


def test_signatures_of_real_pages_are_those_of_datasketch(shared_data):
    texts = list(page_texts([shared_data / "web" / "web-dev-004.warc.gz"]))
    missing = pa.nulls(len(texts), pa.string())
    found = shingles(Batch(pa.array(texts, pa.large_string()), missing, missing), "words", 5)
    assert len(found.hashes) > 100_000
    result = signatures(found.hashes, found.offsets, permutations(112, 1))
    expected = [datasketch_signature(found.hashes[a:b].tolist(), 112, 1) for a, b in pairwise(found.offsets)]
    assert result.tolist() == expected


@given(
    st.lists(st.lists(st.integers(0, 2**64 - 1), max_size=70), max_size=4),
    st.integers(1, 40),
    st.integers(0, 2**32 - 1),
)
def test_signatures_of_any_hashes_are_those_of_datasketch(documents, count, seed):
    hashes = np.array([value for document in documents for value in document], np.uint64)
    offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    result = signatures(hashes, offsets, permutations(count, seed))
    assert result.dtype == np.uint32
    assert result.shape == (len(documents), count)
    assert result.tolist() == [datasketch_signature(document, count, seed) for document in documents]


@pytest.mark.parametrize("length", [1, 31, 32, 33, 64, 1000])
def test_signatures_do_not_depend_on_order_or_repetition(length):
    hashes = np.random.default_rng(length).integers(0, 2**64, length, dtype=np.uint64)
    again = np.concatenate([hashes[::-1], hashes])
    both = signatures(np.concatenate([hashes, again]), np.array([0, length, 3 * length]), permutations(112, 1))
    assert both[0].tolist() == both[1].tolist()


def test_a_document_without_shingles_has_the_empty_signature():
    result = signatures(np.array([5], np.uint64), np.array([0, 0, 1, 1]), permutations(4, 1))
    assert (result[[0, 2]] == EMPTY).all()
    assert (result[1] != EMPTY).any()


def test_the_part_of_equal_values_estimates_the_similarity():
    random = np.random.default_rng(3)
    errors = []
    for common in range(0, 201, 20):
        values = random.integers(0, 2**64, 400 - common, dtype=np.uint64)
        hashes = np.concatenate([values[:200], values[200 - common :]])
        left, right = signatures(hashes, np.array([0, 200, 400]), permutations(1024, 1))
        errors.append((left == right).mean() - common / (400 - common))
    assert np.abs(errors).max() < 0.06  # four standard deviations of 1024 draws
    assert abs(np.mean(errors)) < 0.02
