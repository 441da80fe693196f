import pytest

from filters.registry import prepare
from schemas.bounds import Bound
from schemas.steps.dclm import DclmRepetition
from tests.support.batches import batch_of


def measure(*texts):
    found = prepare(DclmRepetition())(batch_of(texts))
    return {name: column.to_pylist() for name, column in found.signals.items()}


def test_every_copy_of_a_line_counts_once_it_is_stripped():
    signals = measure("abc\n  abc \n\nde\nf", "abc\nde", "abc")
    assert signals["repeated_line_fraction"] == [2 / 4, 0, 0]
    assert signals["repeated_line_character_fraction"] == [6 / 9, 0, 0]


def test_paragraphs_lie_between_two_line_breaks():
    signals = measure("abc\n\nabc\n\n\nde\nf")
    assert signals["repeated_paragraph_fraction"] == [2 / 3]
    assert signals["repeated_paragraph_character_fraction"] == [6 / 10]


def test_ngrams_are_of_words_without_punctuation():
    signals = measure("big dog, big dog - small cat! big (dog)")
    assert signals["top_2gram_fraction"] == [3 * 6 / 26]
    assert signals["top_3gram_fraction"] == [0]
    assert measure("a big dog and a big dog")["top_3gram_fraction"] == [2 * 7 / 17]
    five = "one two three four five"
    assert measure(f"{five} six {five}")["repeated_5gram_fraction"] == [38 / 41]
    assert measure(f"{five} six {five}")["repeated_6gram_fraction"] == [0]


def test_of_equally_frequent_ngrams_the_longest_counts():
    assert measure("a b x longer words y a b z longer words")["top_2gram_fraction"] == [2 * 11 / 29]


@pytest.mark.parametrize("text", ["", " \n\n", "...\n..."])
def test_a_text_without_words_has_no_ngrams(text):
    signals = measure(text)
    assert {signals[name][0] for name in signals if "gram" in name} == {None}


def test_limits_are_those_of_dclm():
    limits = {code.removeprefix("dclm_repetition."): bound for code, bound in DclmRepetition().rules().items()}
    assert limits == {
        "repeated_line_fraction": Bound(max=0.3),
        "repeated_paragraph_fraction": Bound(max=0.3),
        "repeated_line_character_fraction": Bound(max=0.2),
        "repeated_paragraph_character_fraction": Bound(max=0.2),
        "top_2gram_fraction": Bound(max=0.2),
        "top_3gram_fraction": Bound(max=0.18),
        "top_4gram_fraction": Bound(max=0.16),
        "repeated_5gram_fraction": Bound(max=0.15),
        "repeated_6gram_fraction": Bound(max=0.14),
        "repeated_7gram_fraction": Bound(max=0.13),
        "repeated_8gram_fraction": Bound(max=0.12),
        "repeated_9gram_fraction": Bound(max=0.11),
        "repeated_10gram_fraction": Bound(max=0.1),
    }
