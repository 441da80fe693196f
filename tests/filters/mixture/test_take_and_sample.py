"""What is taken of a ring: never more than the budget, on from where the last one ended, less always part of more."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from filters.mixture.ring import RING
from filters.mixture.sample import take_nearest
from filters.mixture.take import take
from tests.filters.mixture.rings import MemoryRing, random_ring

seeds = st.integers(0, 2**32)
documents = st.integers(1, 60)
parts = st.sampled_from([1, 2, 8, 64])
starts = st.one_of(st.just(0), st.integers(0, RING - 1))


@given(seeds, documents, parts, starts, st.integers(0, 3000))
def test_what_is_taken_is_what_the_arc_reads_and_within_the_budget(seed, documents, parts, start, budget):
    ring = random_ring(seed, documents, parts)
    taken = take(ring, start, budget)
    assert (taken.tokens, taken.documents) == ring.read_by(taken.arc)
    assert taken.tokens <= budget
    assert abs(taken.arc.passes * ring.tokens.sum() - taken.tokens) < 1e-6 * max(1, taken.tokens)
    # A document that is not read once more would not have fitted.
    left = budget - taken.tokens
    assert all(ring.all.lengths[~taken.arc.in_span(ring.all)] > left)


@given(seeds, documents, st.integers(0, 3000), starts)
def test_parts_make_no_difference(seed, documents, budget, start):
    arcs = [take(random_ring(seed, documents, parts), start, budget) for parts in (1, 2, 8, 64)]
    copies = [taken.arc.copies(random_ring(seed, documents).all).tolist() for taken in arcs]
    assert all(each == copies[0] for each in copies)
    assert len({taken.tokens for taken in arcs}) == 1


@given(seeds, documents, parts, st.lists(st.integers(0, 300), min_size=2, max_size=6))
def test_stages_read_on_so_that_nothing_comes_twice_before_all_came_once(seed, documents, parts, budgets):
    ring, start = random_ring(seed, documents, parts, most=1), 0  # documents of one token: budgets are met exactly
    read = np.zeros(len(ring.all.keys), np.int64)
    for budget in budgets:
        taken = take(ring, start, budget)
        assert taken.tokens == budget
        read += taken.arc.copies(ring.all)
        start = taken.arc.end
        assert read.max() - read.min() <= 1


def test_a_large_document_is_passed_over_for_smaller_ones():
    ring = MemoryRing([10, 20, 30, 40, 50], [5, 5, 100, 4, 9], parts=1)
    taken = take(ring, 0, 15)
    assert taken.arc.copies(ring.all).tolist() == [1, 1, 0, 1, 0]
    assert (taken.tokens, taken.arc.skipped, taken.arc.end) == (14, (30,), 41)


@given(seeds, documents, parts, starts, st.integers(0, 3000), st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_smaller_sample_is_part_of_a_larger_one_and_both_of_the_stage(seed, documents, parts, start, budget, sizes):
    ring = random_ring(seed, documents, parts)
    stage = take(ring, start, budget)
    small, large = (take_nearest(ring, stage.arc, round(size * stage.tokens)) for size in sorted(sizes))
    in_small, in_large, in_stage = (each.arc.copies(ring.all) > 0 for each in (small, large, stage))
    assert not (in_small & ~in_large).any()
    assert not (in_large & ~in_stage).any()
    assert (large.tokens, large.documents) == ring.read_by(large.arc)


@given(seeds, documents, parts, starts, st.integers(0, 3000), st.floats(0, 1))
def test_a_sample_misses_its_size_by_half_a_document_at_most(seed, documents, parts, start, budget, size):
    ring = random_ring(seed, documents, parts)
    stage = take(ring, start, budget)
    wanted = min(round(size * stage.tokens), int(ring.tokens.sum()))
    sample = take_nearest(ring, stage.arc, wanted)
    assert 2 * abs(sample.tokens - wanted) <= largest_step(ring)


def largest_step(ring: MemoryRing) -> int:
    """Long documents of the same length come together."""
    return max(int(ring.all.lengths[ring.all.lengths == length].sum()) for length in ring.all.lengths)


@given(seeds, documents, parts, starts)
def test_a_sample_of_everything_is_everything(seed, documents, parts, start):
    ring = random_ring(seed, documents, parts)
    for budget in (int(ring.tokens.sum()), int(ring.tokens.sum()) // 2):
        stage = take(ring, start, budget)
        sample = take_nearest(ring, stage.arc, stage.tokens)
        assert (sample.tokens, sample.documents) == (stage.tokens, stage.documents)


@given(seeds, st.sampled_from([0.01, 0.03, 0.1]))
def test_long_documents_do_not_spoil_small_samples(seed, size):
    generator = np.random.default_rng(seed)
    lengths = np.maximum(1, generator.lognormal(6, 1.5, 5000)).astype(int).tolist()
    ring = MemoryRing(np.unique(generator.integers(0, RING, 5000)).tolist(), [*lengths[:-2], 500_000, 300_000], 8)
    sample = take_nearest(ring, take(ring, 0, int(ring.tokens.sum())).arc, wanted := round(size * ring.tokens.sum()))
    assert abs(sample.tokens - wanted) < 0.1 * wanted
    inside = ring.all.lengths[sample.arc.in_span(ring.all)]
    assert inside.sum() == sample.tokens
    assert inside.max() < 0.25 * wanted
