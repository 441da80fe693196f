"""What fastText reads: no text can end early, name its class or glue two words."""

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.classifier.normalisation import is_blank, normalise

texts = st.text() | st.text(alphabet="a_ </>sSlabeLABE\n\u2028", max_size=40)


def lines(values, lowercase=False) -> list[str]:
    return normalise(pa.array(values, pa.large_string()), lowercase).to_pylist()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("one\ntwo", "one two"),
        ("one\r\ntwo", "one\r two"),
        ("good</s>bad", "good bad"),
        ("__label__positive words", " positive words"),
        ("a\u2028b\u0085c\x1cd", "a b c d"),
        ("Same Case.", "Same Case."),
    ],
)
def test_replaces_control_words_by_a_space(text, line):
    assert lines([text]) == [line]


def test_lower_case_cannot_make_a_control_word():
    assert lines(["A</S>B __LABEL__x"], lowercase=True) == ["a b  x"]


@given(texts, st.booleans())
def test_normalising_again_changes_nothing(text, lowercase):
    (line,) = lines([text], lowercase)
    assert lines([line], lowercase) == [line]
    assert "\n" not in line
    assert "</s>" not in line
    assert "__label__" not in line


@given(texts)
def test_words_are_those_of_joined_lines(text):
    if "</s>" not in text and "__label__" not in text:
        assert lines([text])[0].split() == " ".join(text.splitlines()).split()


def test_knows_blank_texts():
    assert is_blank(pa.array(["", " \n\t\u00a0", "a", " a "], pa.large_string())).to_pylist() == [
        True,
        True,
        False,
        False,
    ]
