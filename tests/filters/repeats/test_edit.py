import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.lexing.hashed_words import words_of
from filters.repeats.cut import cut
from filters.repeats.edit import edit

PIECES = ["a", "U.S.", "don't", "1,000", "中文", "ไทย", "e\u0301", "a" * 50, "!" * 50, "…", " ", "\n", " ", " "]
TEXTS = st.lists(st.lists(st.sampled_from(PIECES), max_size=40).map("".join), min_size=1, max_size=6)


def large(texts):
    return pa.array(texts, pa.large_string())


@given(texts=TEXTS, min_words=st.integers(1, 9), data=st.data())
def test_what_is_left_and_whether_it_is_enough(texts, min_words, data):
    ranges = []
    for row, text in enumerate(texts):
        if data.draw(st.booleans()):
            first, last = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
            ranges.append((row, len(text[:first].encode()), len(text[:last].encode())))
    document, start, end = np.array(ranges, np.int64).reshape(-1, 3).T
    found, expected = (
        edit(large(texts), document, start, end, min_words=min_words),
        cut(large(texts), document, start, end),
    )
    assert found.text.to_pylist() == expected.text.to_pylist()
    assert found.removed.tolist() == expected.removed.tolist()
    words = np.diff(words_of(expected.text).offsets).tolist()
    has_range = [row in document for row in range(len(texts))]
    assert found.ranges.tolist() == list(map(int, has_range))
    assert found.words.tolist() == [
        count if cut_here and count < min_words else -1 for count, cut_here in zip(words, has_range, strict=True)
    ]


def test_a_short_text_of_which_nothing_is_cut_is_no_matter():
    found = edit(large(["one", "one two"]), np.array([1]), np.array([0]), np.array([4]), min_words=2)
    assert found.text.to_pylist() == ["one", "two"]
    assert found.too_short.tolist() == [False, True]


def test_a_range_outside_its_text_is_an_error():
    with pytest.raises(ValueError, match="within its text"):
        edit(large(["one"]), np.array([0]), np.array([0]), np.array([4]), min_words=2)
