import sys
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from filters.lexing.chunks import split_chunks

CHARACTERS = st.one_of(
    st.characters(codec="utf-8"),
    st.sampled_from([" ", "\n", "\x1c", "\x85", "\u2009", "\u202f", "\u3000", "é", "\u200b"]),
)
TEXTS = st.lists(st.text(CHARACTERS, max_size=30), max_size=5)


def as_lists(chunks, offsets):
    return [chunks.slice(a, b - a).to_pylist() for a, b in pairwise(offsets)]


def large(texts):
    return pa.array(texts, pa.large_string())


@given(TEXTS)
def test_chunks_are_those_of_str_split(texts):
    assert as_lists(*split_chunks(large(texts))) == [text.split() for text in texts]


@given(TEXTS, st.integers(0, 3))
def test_a_slice_has_its_own_chunks(texts, start):
    assert as_lists(*split_chunks(large(texts).slice(start, 2))) == [t.split() for t in texts[start : start + 2]]


def test_every_character_is_white_space_where_python_says_so():
    points = [chr(i) for i in range(sys.maxunicode + 1) if not 0xD800 <= i < 0xE000]
    _, offsets = split_chunks(large([f"a{c}b" for c in points]))
    split = np.flatnonzero(np.diff(offsets) == 2)
    assert [points[i] for i in split] == [c for c in points if c.isspace()]


def test_a_narrow_space_may_stay():
    assert as_lists(*split_chunks(large(["10\u202f000 km"]), narrow_space_splits=False)) == [["10\u202f000", "km"]]


def test_batches_without_text():
    assert as_lists(*split_chunks(large([]))) == []
    assert as_lists(*split_chunks(large([""]))) == [[]]
    assert as_lists(*split_chunks(large(["", " ", ""]))) == [[], [], []]
