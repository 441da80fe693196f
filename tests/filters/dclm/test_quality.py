import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.registry import prepare
from schemas.bounds import Bound
from schemas.steps.dclm import DclmQuality
from tests.support.batches import batch_of

STOP_WORDS = {"the", "be", "to", "of", "and", "that", "have", "with"}


def measure(*texts):
    found = prepare(DclmQuality())(batch_of(texts))
    return {name: column.to_pylist() for name, column in found.signals.items()}


@pytest.mark.parametrize(
    ("text", "signal", "value"),
    [
        ("one (two) 3 -four ... five-six\nseven\xa0eight", "word_count", 4),
        ("a bcd\u3000ef", "mean_word_length", 2),
        ("one #two #three ... four . . . five… six", "symbol_ratio", 5 / 10),
        ("● a\n  • b\n* c\n- d\ne - f\n\n \n– g", "bullet_line_ratio", 4 / 6),
        ("a...\nb . . . \nc…\nd ..", "ellipsis_line_ratio", 3 / 4),
        ("one 2 3b - é", "non_alphabetic_word_ratio", 2 / 5),
        ("The the THE of, Of theory", "stop_word_count", 4),
    ],
)
def test_signals(text, signal, value):
    assert measure(text, "")[signal][0] == value


def test_a_text_without_words_has_no_ratios():
    assert measure("", " \n") == {
        "word_count": [0, 0],
        "mean_word_length": [None, None],
        "symbol_ratio": [None, None],
        "bullet_line_ratio": [None, None],
        "ellipsis_line_ratio": [None, None],
        "non_alphabetic_word_ratio": [None, None],
        "stop_word_count": [0, 0],
    }


def test_limits_are_those_of_dclm():
    assert DclmQuality().rules() == {
        "dclm.word_count": Bound(min=50, max=100_000),
        "dclm.mean_word_length": Bound(min=3, max=10),
        "dclm.symbol_ratio": Bound(max=0.1),
        "dclm.bullet_line_ratio": Bound(max=0.9),
        "dclm.ellipsis_line_ratio": Bound(max=0.3),
        "dclm.non_alphabetic_word_ratio": Bound(max=0.2),
        "dclm.stop_word_count": Bound(min=2),
    }


PIECES = [
    "the",
    "OF",
    "wIth",
    "K",
    "word",
    "é",
    "中文",
    "5",
    "#",
    "...",
    ". . .",
    "…",
    "-",
    "•",
    " ",
    "\n",
    "\xa0",
    "\x1c",
]


@given(st.lists(st.lists(st.sampled_from(PIECES), min_size=1, max_size=25).map("".join), max_size=4))
def test_any_text_is_measured_as_defined(texts):
    signals = measure(*texts)
    words = [text.split() for text in texts]
    assert signals["stop_word_count"] == [sum(word.lower() in STOP_WORDS for word in part) for part in words]
    assert signals["mean_word_length"] == [sum(map(len, part)) / len(part) if part else None for part in words]
    unlettered = [sum(not any(map(str.isalpha, word)) for word in part) for part in words]
    expected = [count / len(part) if part else None for count, part in zip(unlettered, words, strict=True)]
    assert signals["non_alphabetic_word_ratio"] == expected
