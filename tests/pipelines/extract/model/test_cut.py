"""Which blocks are kept."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.model.cut import SHARE, best_cut

BLOCKS = st.lists(st.tuples(st.floats(0, 1, width=32), st.integers(0, 200)), max_size=12)


@given(BLOCKS)
def test_the_expected_f1_is_that_of_the_best_of_all_choices(blocks):
    probability = np.array([p for p, _ in blocks], np.float32)
    words = np.array([n for _, n in blocks], np.int32)
    cut, best = best_cut(probability, words)
    total = float((probability.astype(float) * words).sum())
    choices = [0.0]
    for chosen in range(1, 2 ** len(blocks)) if len(blocks) < 9 else ():
        keep = np.array([chosen >> place & 1 for place in range(len(blocks))], np.bool_)
        right = float((probability[keep].astype(float) * words[keep]).sum())
        choices.append(2 * right / max(words[keep].sum() + total, 1.0))
    if len(blocks) < 9:
        assert abs(max(choices) - best) < 1e-6
    kept = probability >= np.float32(cut)
    assert bool((kept & (words > 0)).any()) == (best > 0)
    assert cut <= SHARE * best + 2 * (best == 0) + 1e-9


def test_a_page_without_words_keeps_nothing():
    assert best_cut(np.zeros(0, np.float32), np.zeros(0, np.int32)) == (2.0, 0.0)
    assert best_cut(np.ones(2, np.float32), np.zeros(2, np.int32)) == (2.0, 0.0)


def test_what_is_not_surely_content_is_cut():
    probability, words = np.array([0.9, 0.9, 0.5, 0.1], np.float32), np.full(4, 10, np.int32)
    cut, best = best_cut(probability, words)
    assert cut == pytest.approx(SHARE * best)
    assert (probability >= np.float32(cut)).tolist() == [True, True, False, False]
