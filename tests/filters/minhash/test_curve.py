import math

import numpy as np
import pytest
from datasketch import MinHashLSH
from hypothesis import given
from hypothesis import strategies as st

from filters.minhash.bands import band_hashes
from filters.minhash.curve import bands_and_rows, candidate_probability, expected_recall, half_found
from filters.minhash.curve_drawing import draw_curve
from filters.minhash.permutations import permutations
from filters.minhash.signature import signatures
from schemas.recipe.deduplicate import MinHashSettings

SHAPES = st.tuples(st.integers(1, 300), st.integers(1, 30))


@given(st.floats(0, 1), SHAPES)
def test_the_probability_is_the_formula(similarity, shape):
    bands, rows = shape
    found = candidate_probability(similarity, bands, rows)
    assert found == pytest.approx(1 - (1 - similarity**rows) ** bands, abs=1e-12)


def test_ends_and_small_probabilities():
    assert candidate_probability([0, 1], 14, 8).tolist() == [0, 1]
    assert candidate_probability(0.001, 14, 8) == pytest.approx(14e-24)


@given(SHAPES)
def test_half_of_the_pairs_are_found_at_the_threshold(shape):
    assert candidate_probability(half_found(*shape), *shape) == pytest.approx(0.5)


def test_expected_recall():
    assert expected_recall([0.75, 0.75], 14, 8) == pytest.approx(0.7716, abs=1e-4)
    assert expected_recall([0, 1], 14, 8) == 0.5
    assert math.isnan(expected_recall([], 14, 8))


@pytest.mark.parametrize(("threshold", "count"), [(0.75, 128), (0.5, 64), (0.9, 256)])
def test_a_threshold_is_solved_as_datasketch_does(threshold, count):
    index = MinHashLSH(threshold=threshold, num_perm=count)
    settings = MinHashSettings(threshold=threshold, permutations=count)
    assert bands_and_rows(settings) == (index.b, index.r)


def test_bands_and_rows_as_given():
    assert bands_and_rows(MinHashSettings()) == (14, 8)
    assert bands_and_rows(MinHashSettings(bands=20, rows=5)) == (20, 5)


@pytest.mark.parametrize("common", [100, 140, 160, 172, 180])
def test_pairs_are_found_as_often_as_the_curve_says(common):
    """Two thousand pairs of 200 shingles each, of which ``common`` are shared."""
    pairs, size = 2_000, 200
    values = np.random.default_rng(common).integers(0, 2**64, (pairs, 2 * size - common), dtype=np.uint64)
    hashes = np.concatenate([values[:, :size], values[:, size - common :]], axis=1).reshape(-1)
    signed = signatures(hashes, np.arange(2 * pairs + 1) * size, permutations(112, 1))
    found = band_hashes(signed, np.zeros(2 * pairs, np.uint64), 14, 8)
    met = (found[::2] == found[1::2]).any(axis=1).mean()
    expected = float(candidate_probability(common / (2 * size - common), 14, 8))
    assert abs(met - expected) < 4 * math.sqrt(expected * (1 - expected) / pairs) + 0.005


def test_the_drawing():
    drawn = draw_curve(14, 8, 0.75).splitlines()
    assert len(drawn[0]) == 67
    assert all(len(line) <= 79 for line in drawn)
    assert drawn[0].startswith("100 % │")
    assert drawn[0].endswith("█")
    assert "14 bands of 8 rows find half of the pairs with Jaccard 0.68;" in drawn
    assert any("0.75: 77%" in line for line in drawn)
    assert drawn[-1] == "kept as duplicates: verified with Jaccard >= 0.75"


def test_the_drawing_in_plain_characters():
    drawn = draw_curve(20, 5, None, unicode=False)
    assert drawn.isascii()
    assert drawn.endswith("not verified: every candidate counts")


def test_columns_rise_to_the_right():
    lines = draw_curve(14, 8, 0.75, unicode=False).splitlines()[:10]
    heights = [sum(line.ljust(67)[column] != " " for line in lines) for column in range(7, 67)]
    assert heights == sorted(heights)
    assert (heights[0], heights[-1]) == (0, 10)
