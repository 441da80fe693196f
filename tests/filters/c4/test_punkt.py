import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.c4.punkt import count_sentences, english

# The counts of NLTK 3.8.1 with the same model.
COUNTS = [
    ("", 0),
    ("   ", 0),
    ("One sentence.", 1),
    ("No full stop", 1),
    ("One. Two. Three.", 3),
    ("Mr. Smith met Dr. Jones in Washington D.C. on Jan. 5. They talked.", 2),
    ("He works for Yahoo Inc. The company is in the U.S. and it grows.", 2),
    ("It was J. Bach who wrote it. Nobody else did.", 2),
    ("Very bad acting!!! I promise.", 2),
    ("She asked “why?” and left. (He did not answer.) Then it rained.", 3),
    ('"Stop!" he cried. "Never."', 3),
    ("Wait... what? Yes.", 2),
    ("Wait... The end.", 2),
    ("The price is 3.50 dollars. That is No. 5. in the list.", 3),
    ("It rose 5. percent. Then it fell.", 2),
    ("a.m. or p.m. are abbreviations. So is e.g. this.", 3),
    ("End.Next is no break. Here is one.", 2),
    ("What?! No.", 2),
    ("Version 2. the next one. and lower case.", 2),
    ("- . . . dots . . . everywhere. Yes.", 8),
    ("中文。没有空格。", 1),
]


@pytest.mark.parametrize(("text", "count"), COUNTS)
def test_sentences_are_those_of_nltk(text, count):
    assert count_sentences(text, english()) == count


@given(
    st.lists(st.sampled_from(["Dr.", "a", "The", ".", "!", "?", "...", " ", '"', ")", "5.", "J.", ",", "é", "--"])).map(
        "".join
    )
)
def test_sentences_are_no_more_than_marks_that_may_end_them(text):
    count = count_sentences(text, english())
    assert (count == 0) == (not text.strip())
    assert count <= 1 + sum(text.count(mark) for mark in ".!?")


def test_long_lines_are_counted_like_short_ones():
    assert count_sentences("!" * 100_000 + " a" * 100_000, english()) == 3
    assert count_sentences("a. " * 20_000, english()) == 1
