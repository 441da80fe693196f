"""Which blocks a true text is made of."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.scoring import split_words
from pipelines.extract.train.labels import coverage

WORDS = st.text("abcde", min_size=1, max_size=2)
BLOCKS = st.lists(st.lists(WORDS, max_size=12), max_size=8)


def covered(blocks: list[str], truth: str) -> list[bool]:
    return (coverage([split_words(block) for block in blocks], split_words(truth)) >= 0.5).tolist()


@pytest.mark.parametrize(
    ("blocks", "truth", "expected"),
    [
        (["home", "the news of today", "it rained on us"], "The news of today. It rained on us.", [0, 1, 1]),
        (["a title", "menu", "a title", "one two three", "a title"], "a title one two three", [0, 0, 1, 1, 0]),
        (["a b c d e f g", "x y z", "p q r s t u v w"], "p q r s t u v w a b c d e f g", [1, 0, 1]),
        (["share", "a b c d e f g h"], "a b c d [1] e f g h", [0, 1]),
        (["中文字很好", "别的"], "中文字很好", [1, 0]),
        (["a b"], "", [0]),
        ([], "a", []),
    ],
)  # fmt: skip
def test_blocks_are_found_where_they_belong(blocks, truth, expected):
    assert covered(blocks, truth) == [bool(each) for each in expected]


@given(BLOCKS)
def test_a_share_is_a_share_and_a_truth_of_all_blocks_covers_most(blocks):
    found = coverage(blocks, [word for block in blocks for word in block])
    assert found.shape == (len(blocks),)
    assert ((found >= 0) & (found <= 1)).all()
    lengths = np.array([len(block) for block in blocks])
    if lengths.max(initial=0) >= 6 and len(set(blocks[int(lengths.argmax())])) >= 6:
        assert found[int(lengths.argmax())] > 0.5


def test_nothing_is_found_in_another_text():
    assert not any(covered(["alpha beta gamma delta", "epsilon"], "one two three four"))
