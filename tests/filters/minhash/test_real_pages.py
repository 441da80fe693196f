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


def test_clusters_hold_what_the_curve_promises_and_nothing_false(sets, similar):
    present = np.flatnonzero(sets.per_document)
    signed = signatures(sets.hashes, sets.offsets, permutations(112, 1))
    documents = len(signed)
    bands = band_hashes(signed, np.zeros(documents, np.uint64), 14, 8)
    bands[sets.per_document == 0] = np.arange((documents - len(present)) * 14, dtype=np.uint64).reshape(-1, 14)
    doc_id = np.random.default_rng(0).integers(0, 2**64, (documents, 2), dtype=np.uint64)
    result = verify(Candidates(doc_id, np.arange(documents), sets, bands), MIN_JACCARD, 5_000)

    true = {frozenset(pair) for pair in similar}
    partners = [(a, b) for a, b in enumerate(result.partner.tolist()) if b >= 0]
    assert all(frozenset(pair) in true for pair in partners)
    together = [result.root[a] == result.root[b] for a, b in similar]
    assert np.mean(together) >= expected_recall(list(similar.values()), 14, 8) - 0.01
    # Clusters are the components of the true pairs that met.
    parents = {a: a for a in range(documents)}
    for a, b in similar:
        if (bands[a] == bands[b]).any():
            low, high = sorted((parents[a], parents[b]))
            parents = {d: low if p == high else p for d, p in parents.items()}
    clusters = {tuple(np.flatnonzero(result.root == root)) for root in np.unique(result.root)}
    expected = {tuple(d for d, p in parents.items() if p == parent) for parent in set(parents.values())}
    assert clusters == expected
