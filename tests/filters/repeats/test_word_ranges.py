import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.lexing.hashed_words import words_of
from filters.repeats.cut import cut
from filters.repeats.word_ranges import byte_ranges

ALPHABET = [
    *"abXZ09.,;:'’\"()[]-_/&$€£éßİſжЖ中あアｱ한ﬁⅣ½²™ªﷺ👍👨‍👩‍👧🇫🇷\u200d\u00ad\u0301\ufe0f\u0915\u093fקﬡ \n\r\t\x00",
    "\u202f",
    "\u202f\u0301",
    "\u2028",
    "\xa0",
    "don't",
    "U.S.",
    "10\u202f000",
]


def large(texts):
    return pa.array(texts, pa.large_string())


def without_words(text, first, last):
    texts = large(["x", text])
    row = np.array([1])
    start, end = byte_ranges(texts, row, np.array([first]), np.array([last]))
    return cut(texts, row, start, end).text[1].as_py()


@pytest.mark.parametrize(
    ("text", "first", "last", "expected"),
    [
        ("Kept. One two (three). Kept", 1, 4, "Kept. Kept"),
        ("Kept. (One two), three! Kept", 1, 4, "Kept. Kept"),
        ('He said: "One two." Kept', 2, 4, "He said: Kept"),
        ("a\n- one two;\n- b", 1, 3, "a\n- b"),
        ("kept one-two kept", 1, 3, "kept kept"),
        ("half-one two-half", 1, 3, "half-half"),
        ("前文，「重复。」（后文", 2, 4, "前文，（后文"),
        ("a\n- one two;\n- b", 0, 2, "two;\n- b"),
        ("| a | b |\n| c | d |\n| e |", 2, 4, "| a | b |\n| e |"),
        ("| a | b |\n| c | d |\n| e |", 1, 4, "| a | |\n| e |"),
        ("one two", 0, 2, ""),
        ("👍one👍 two", 0, 1, "two"),
        ("one\x00 \x00two", 1, 2, "one\x00"),
    ],
)
def test_punctuation_goes_with_its_words(text, first, last, expected):
    assert without_words(text, first, last) == expected


@given(text=st.lists(st.sampled_from(ALPHABET), max_size=25).map("".join), data=st.data())
def test_all_other_words_stay(text, data):
    count = int(words_of(large([text])).offsets[-1])
    if not count:
        return
    first = data.draw(st.integers(0, count - 1))
    last = data.draw(st.integers(first + 1, count))
    texts = large([text])
    start, end = byte_ranges(texts, np.array([0]), np.array([first]), np.array([last]))
    spans = words_of(texts)
    assert 0 <= start[0] <= spans.start[first] and spans.end[last - 1] <= end[0]
    assert first == 0 or spans.end[first - 1] <= start[0]
    assert last == count or end[0] <= spans.start[last]
    marks = text.encode()[start[0] : spans.start[first]] + text.encode()[spans.end[last - 1] : end[0]]
    assert not set(marks) & set(b"abXZ09")
    # Valid UTF-8 on both sides of the cut.
    assert (text.encode()[: start[0]].decode() + text.encode()[end[0] :].decode()) is not None


@pytest.mark.parametrize(("first", "last"), [(-1, 1), (1, 1), (0, 4)])
def test_words_that_a_document_does_not_have_are_an_error(first, last):
    with pytest.raises(ValueError, match="must lie within its document"):
        byte_ranges(large(["a b c", "d e f g"]), np.array([0]), np.array([first]), np.array([last]))
