import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.c4.lines import has_long_word, has_words, lower_case, stripped_lines

# Every white space character of Python, letters of one to four bytes, and lookalikes of white space.
CHARACTERS = st.sampled_from(
    [c for c in map(chr, range(0x3001)) if c.isspace()] + list("aé中😀\u200b\u2060\ufeff\x00_")
)
LINES = st.lists(st.text(CHARACTERS, max_size=30), max_size=8)


@given(LINES)
def test_lines_are_split_and_stripped_like_python_does(texts):
    lines = stripped_lines(pa.array(texts, pa.large_string()))
    expected = [[line.strip() for line in text.splitlines()] for text in texts]
    bounds = zip(lines.offsets, lines.offsets[1:], strict=False)
    found = [lines.text[begin:end].to_pylist() for begin, end in bounds]
    # What follows the last line break is a line as well, even when there is nothing.
    assert [part if part == whole else [*part, ""] for part, whole in zip(expected, found, strict=True)] == found


@pytest.mark.parametrize("least", [1, 2, 5])
@given(lines=LINES)
def test_words_are_counted_like_python_splits(least, lines):
    found = has_words(pa.array(lines, pa.large_string()), least)
    assert found.tolist() == [len(line.split()) >= least for line in lines]


@given(lines=LINES)
def test_long_words_are_found_in_characters(lines):
    found = has_long_word(pa.array(lines, pa.large_string()), 3)
    assert found.tolist() == [any(len(word) > 3 for word in line.split()) for line in lines]


def test_lower_case_is_that_of_python_for_every_letter():
    letters = [letter for letter in map(chr, range(0x110000)) if letter.isupper() or letter.istitle()]
    assert lower_case(pa.array(letters, pa.large_string())).to_pylist() == [letter.lower() for letter in letters]
