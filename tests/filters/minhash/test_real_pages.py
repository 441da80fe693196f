"""From texts to verified clusters, beside exhaustive comparison of all pages."""

from itertools import combinations, pairwise

import numpy as np
import pyarrow as pa
import pytest

from benchmarks.conformance.texts import page_texts
from filters.batch import Batch
from filters.minhash.bands import band_hashes
from filters.minhash.curve import expected_recall
from filters.minhash.jaccard import jaccard_of_pairs, shingle_sets
from filters.minhash.permutations import permutations
from filters.minhash.shingles import shingles
from filters.minhash.signature import signatures
from filters.minhash.verify import Candidates, verify

MIN_JACCARD = 0.75


@pytest.fixture(scope="module")
def sets(shared_data):
    """Pages and their second captures, beginning to end and cut short in two ways."""
    web = shared_data / "web"
    pages = [
        text
        for text in page_texts([web / "web-dev-004.warc.gz", web / "web-dev-recrawl.warc.gz"])
        if 0 < len(text) < 20_000
    ]
    texts = (
        pages + [text[: len(text) * 9 // 10] for text in pages[:80]] + [text[len(text) // 5 :] for text in pages[:80]]
    )
    missing = pa.nulls(len(texts), pa.string())
    found = shingles(Batch(pa.array(texts, pa.large_string()), missing, missing), "words", 5)
    return shingle_sets(found)


def _may_be_similar(one, other):
    return min(one, other) >= MIN_JACCARD * max(one, other, 1)


@pytest.fixture(scope="module")
def similar(sets):
    """Similarity of every pair that reaches the threshold, by comparing all with all."""
    members = [set(sets.hashes[a:b].tolist()) for a, b in pairwise(sets.offsets)]
    # Sets that differ more in size cannot be as similar.
    near = [
        (a, b) for a, b in combinations(range(len(members)), 2) if _may_be_similar(len(members[a]), len(members[b]))
    ]
    common = {(a, b): len(members[a] & members[b]) for a, b in near}
    found = {(a, b): both / (len(members[a]) + len(members[b]) - both) for (a, b), both in common.items()}
    return {pair: similarity for pair, similarity in found.items() if similarity >= MIN_JACCARD}


def test_similarities_are_those_of_the_exhaustive_comparison(sets, similar):
    left, right = np.array(list(similar)).T
    assert len(similar) > 150
    assert jaccard_of_pairs(sets, left, right).tolist() == list(similar.values())


def bands_of(sets, seed):
    """The hashes of 14 bands of 8 rows; documents without shingles meet nobody."""
    signed = signatures(sets.hashes, sets.offsets, permutations(112, seed))
    bands = band_hashes(signed, np.zeros(len(signed), np.uint64), 14, 8)
    empty = np.flatnonzero(sets.per_document == 0)
    bands[empty] = np.arange(len(empty) * 14, dtype=np.uint64).reshape(-1, 14)
    return bands


def test_pairs_meet_as_often_as_the_curve_promises(sets, similar):
    left, right = np.array(list(similar)).T
    met = [(bands[left] == bands[right]).any(axis=1).mean() for bands in (bands_of(sets, seed) for seed in range(20))]
    assert np.mean(met) == pytest.approx(expected_recall(list(similar.values()), 14, 8), abs=0.01)


def test_clusters_are_the_components_of_true_pairs_that_met(sets, similar):
    bands = bands_of(sets, 1)
    documents = len(bands)
    doc_id = np.random.default_rng(0).integers(0, 2**64, (documents, 2), dtype=np.uint64)
    result = verify(Candidates(doc_id, np.arange(documents), sets, bands), MIN_JACCARD, 5_000)

    true = {frozenset(pair) for pair in similar}
    partners = [(a, b) for a, b in enumerate(result.partner.tolist()) if b >= 0]
    assert all(frozenset(pair) in true for pair in partners)
    parents = {a: a for a in range(documents)}
    for a, b in similar:
        if (bands[a] == bands[b]).any():
            low, high = sorted((parents[a], parents[b]))
            parents = {d: low if p == high else p for d, p in parents.items()}
    clusters = {tuple(np.flatnonzero(result.root == root)) for root in np.unique(result.root)}
    expected = {tuple(d for d, p in parents.items() if p == parent) for parent in set(parents.values())}
    assert clusters == expected
