from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.minhash.bands import band_hashes
from filters.minhash.jaccard import shingle_sets
from filters.minhash.permutations import permutations
from filters.minhash.shingles import Shingles
from filters.minhash.signature import signatures
from filters.minhash.verify import Candidates, verify
from filters.minhash.verify_kernels import COMPARISONS_A_MEMBER

NO_CAP = 1_000_000


def in_rows(sets):
    values = [sorted(s) for s in sets]
    offsets = np.cumsum([0, *map(len, values)], dtype=np.int64)
    return Shingles(np.array([v for row in values for v in row], np.uint64), offsets)


def jaccard(a, b):
    return len(a & b) / len(a | b) if a | b else 0.0


def connected(count, pairs):
    """The least member of each one's component."""
    root = list(range(count))
    for a, b in pairs:
        low, high = sorted((root[a], root[b]))
        root = [low if r == high else r for r in root]
    return root


def candidate_pairs(found):
    pairs = combinations(range(len(found.rank)), 2)
    return [(a, b) for a, b in pairs if (found.bands[a] == found.bands[b]).any()]


def candidates(sets, bands, *, doc_ids=None, ranks=None):
    bands = np.array(bands, np.uint64).reshape(len(sets), np.size(bands) // max(len(sets), 1))
    doc_ids = list(range(len(sets))) if doc_ids is None else doc_ids
    return Candidates(
        doc_id=np.array([(d % 3, d) for d in doc_ids], np.uint64).reshape(len(sets), 2),
        rank=np.array(ranks if ranks is not None else [0] * len(sets), np.int64),
        sets=in_rows(sets),
        bands=bands,
    )


def take(found, rows):
    sets = [found.sets.hashes[found.sets.offsets[r] : found.sets.offsets[r + 1]].tolist() for r in rows]
    return replace(
        found,
        doc_id=found.doc_id[rows],
        rank=found.rank[rows],
        sets=in_rows(sets),
        bands=found.bands[rows],
    )


def by_doc_id(found, result):
    """What was found, without positions."""
    names = [tuple(row) for row in found.doc_id.tolist()]
    rows = zip(
        result.root, result.survivor, result.survivor_jaccard, result.partner, result.partner_jaccard, strict=True
    )
    return {
        name: (names[root], names[kept], similarity, names[partner] if partner >= 0 else None, str(with_partner))
        for name, (root, kept, similarity, partner, with_partner) in zip(names, rows, strict=True)
    }


@st.composite
def buckets(draw):
    count = draw(st.integers(0, 12))
    sets = draw(st.lists(st.sets(st.integers(0, 9), max_size=8), min_size=count, max_size=count))
    bands = draw(
        st.lists(
            st.tuples(*[st.integers(10 * band, 10 * band + 2) for band in range(3)]), min_size=count, max_size=count
        )
    )
    doc_ids = draw(st.permutations(range(count)))
    ranks = draw(st.lists(st.integers(0, 3), min_size=count, max_size=count))
    return sets, candidates(sets, bands, doc_ids=doc_ids, ranks=ranks)


THRESHOLDS = st.sampled_from([None, 0.25, 0.5, 0.75, 1.0])


@given(buckets(), THRESHOLDS)
def test_clusters_are_the_components_of_the_true_candidate_pairs(bucket, threshold):
    sets, found = bucket
    count = len(sets)
    minimum = -1 if threshold is None else threshold
    pairs = candidate_pairs(found)
    true = [(a, b) for a, b in pairs if jaccard(sets[a], sets[b]) >= minimum]
    expected = connected(count, true)
    result = verify(found, threshold, NO_CAP)
    order = [(tuple(row)) for row in found.doc_id.tolist()]
    for a in range(count):
        cluster = [b for b in range(count) if expected[b] == expected[a]]
        survivor = min(cluster, key=lambda b: (found.rank[b], order[b]))
        assert result.root[a] == min(cluster, key=lambda b: order[b])
        assert result.survivor[a] == survivor
        assert result.survivor_jaccard[a] == (1 if survivor == a else jaccard(sets[a], sets[survivor]))
        if len(cluster) == 1:
            assert result.partner[a] == -1
            assert np.isnan(result.partner_jaccard[a])
        else:
            partner = result.partner[a]
            assert partner in cluster
            assert partner != a
            assert result.partner_jaccard[a] == jaccard(sets[a], sets[partner]) >= minimum
    assert result.false == result.compared - result.verified
    assert result.verified == count - len(set(expected))
    assert result.false <= len(pairs) - len(true)
    assert result.large_groups == ()


@given(buckets(), THRESHOLDS, st.sampled_from([2, 3, NO_CAP]), st.data())
def test_the_order_of_documents_does_not_matter(bucket, threshold, cap, data):
    _, found = bucket
    rows = data.draw(st.permutations(range(len(found.rank))))
    shuffled = take(found, rows)
    one, other = verify(found, threshold, cap), verify(shuffled, threshold, cap)
    assert by_doc_id(found, one) == by_doc_id(shuffled, other)
    assert (one.compared, one.verified, one.large_groups) == (other.compared, other.verified, other.large_groups)


@given(buckets(), THRESHOLDS, st.sampled_from([2, 3, NO_CAP]))
def test_components_may_be_spread_over_buckets(bucket, threshold, cap):
    _, found = bucket
    whole = verify(found, threshold, cap)
    apart, compared, groups = {}, 0, []
    component = np.array(connected(len(found.rank), candidate_pairs(found)))
    for name in np.unique(component):
        part = take(found, np.flatnonzero(component == name))
        result = verify(part, threshold, cap)
        apart |= by_doc_id(part, result)
        compared += result.compared
        groups += result.large_groups
    assert by_doc_id(found, whole) == apart
    assert whole.compared == compared
    assert sorted(map(str, whole.large_groups)) == sorted(map(str, groups))


@given(buckets(), st.sampled_from([0.25, 0.5, 0.75]))
def test_a_cap_only_loses_pairs(bucket, threshold):
    _, found = bucket
    exact, capped = verify(found, threshold, NO_CAP), verify(found, threshold, 2)
    for root in np.unique(capped.root):
        assert len(np.unique(exact.root[capped.root == root])) == 1


@given(buckets())
def test_no_pair_is_compared_twice(bucket):
    _, found = bucket
    for cap in (2, NO_CAP):
        assert verify(found, 1.0, cap).compared <= len(candidate_pairs(found))


def test_a_chain_is_one_cluster_even_if_its_ends_are_not_alike():
    sets = [set(range(start, start + 10)) for start in range(4)]
    result = verify(candidates(sets, [1, 1, 1, 1], ranks=[3, 2, 1, 0]), 0.8, NO_CAP)
    assert result.root.tolist() == [0, 0, 0, 0]
    assert result.survivor.tolist() == [3, 3, 3, 3]
    assert result.survivor_jaccard.tolist() == [7 / 13, 8 / 12, 9 / 11, 1.0]
    assert result.partner.tolist() == [1, 0, 3, 2]


def test_a_pair_without_a_band_hash_in_common_is_no_candidate():
    same = set(range(10))
    result = verify(candidates([same, {99}, same], [[1, 5], [1, 6], [2, 6]]), 0.5, NO_CAP)
    assert result.root.tolist() == [0, 1, 2]
    assert (result.compared, result.verified, result.false) == (2, 0, 2)


def test_a_false_pair_is_compared_once_however_many_bands_it_shares():
    result = verify(candidates([{1, 2}, {3, 4}], [list(range(14))] * 2), 0.75, NO_CAP)
    assert (result.compared, result.false) == (1, 1)


def test_documents_without_shingles_are_duplicates_of_nothing():
    result = verify(candidates([set(), set(), {1}], [1, 1, 1]), 0.5, NO_CAP)
    assert result.root.tolist() == [0, 1, 2]


def test_nothing_to_verify():
    result = verify(candidates([], []), 0.75, NO_CAP)
    assert (len(result.root), result.compared, result.large_groups) == (0, 0, ())


@pytest.mark.parametrize("min_jaccard", [0.75, None])
def test_a_hundred_thousand_copies_take_as_many_comparisons(min_jaccard):
    count = 100_000
    random = np.random.default_rng(0)
    base = np.sort(random.integers(0, 2**64, 60, dtype=np.uint64))
    hashes = np.tile(base, (count, 1))
    hashes[:, 59] += np.arange(count, dtype=np.uint64) & np.uint64(15)  # not quite the same
    found = Candidates(
        doc_id=random.integers(0, 2**64, (count, 2), dtype=np.uint64),
        rank=random.permutation(count),
        sets=Shingles(hashes.reshape(-1), np.arange(count + 1) * 60),
        bands=np.tile(np.arange(14, dtype=np.uint64), (count, 1)),
    )
    result = verify(found, min_jaccard, 5_000)
    assert (result.compared, result.verified) == (count - 1, count - 1)
    assert set(result.survivor.tolist()) == {int(np.argmin(found.rank))}
    assert result.large_groups == ()


def test_a_large_group_of_different_documents_is_bounded_and_reported():
    count, cap = 400, 100
    sets = [{2 * i, 2 * i + 1} for i in range(count)]
    sets[350] = sets[2]
    result = verify(candidates(sets, [[1, 2]] * count), 0.5, cap)
    group, again = result.large_groups
    assert (group.band, group.band_hash, group.members, again.band) == (0, 1, count, 1)
    assert group.examples == tuple(f"{d % 3:016x}{d:016x}" for d in (0, 3, 6))
    assert COMPARISONS_A_MEMBER * count <= group.compared < (COMPARISONS_A_MEMBER + 1) * count
    assert group.left_over < count - COMPARISONS_A_MEMBER
    assert again.compared == 0  # the same leaders met the same documents
    assert result.compared == group.compared


def test_pairs_of_a_large_group_that_were_not_compared_are_compared_in_a_smaller_one():
    count = 300
    sets = [{i} for i in range(count)]
    sets[290] = sets[280]
    bands = np.ones((count, 2), np.uint64)
    bands[:, 1] = 2 + np.arange(count) // 20
    result = verify(candidates(sets, bands), 0.5, 100)
    assert result.root[290] == result.root[280] == 280 + (280 % 3 > 290 % 3) * 10
    assert (result.verified, len(result.large_groups)) == (1, 1)


def test_real_candidates_lose_no_similar_pair_by_order():
    """Near copies at several distances, through the whole chain of kernels."""
    random = np.random.default_rng(5)
    sets = []
    for _ in range(60):
        base = random.integers(0, 2**64, 200, dtype=np.uint64)
        for edits in (0, 5, 20, 60):
            copy = base.copy()
            copy[:edits] = random.integers(0, 2**64, edits, dtype=np.uint64)
            sets.append(copy)
    rows = shingle_sets(Shingles(np.concatenate(sets), np.arange(len(sets) + 1) * 200))
    bands = band_hashes(
        signatures(rows.hashes, rows.offsets, permutations(112, 1)), np.zeros(len(sets), np.uint64), 14, 8
    )
    found = replace(candidates([set()] * len(sets), bands), sets=rows)
    result = verify(found, 0.75, NO_CAP)
    roots = result.root.reshape(60, 4)
    assert (roots[:, 0] == roots[:, 1]).all()  # Jaccard 0.95
    assert (roots[:, 0] == roots[:, 2]).sum() >= 54  # 0.82: found by 14 x 8 with 94 %
    assert (roots[:, 0] != roots[:, 3]).all()  # 0.54
    assert len(np.unique(roots[:, 0])) == 60
