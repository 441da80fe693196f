import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.registry import prepare
from schemas.bounds import Bound
from schemas.steps.refinedweb import RefinedWebLines
from tests.support.batches import batch_of

PROSE = "The first line of the page stays as it is."
END = "and so does the last one."


def measure(*texts, **settings):
    found = prepare(RefinedWebLines(**settings))(batch_of(texts))
    return {name: column.to_pylist() for name, column in found.signals.items()}, found.text.to_pylist()


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("MOSTLY CAPITALS here", "removed_uppercase"),
        ("ÄÖÜ ÄÖÜ é", "removed_uppercase"),
        ("12345", "removed_numeric"),
        ("٣٤٥", "removed_numeric"),
        ("3 likes", "removed_counter"),
        ("1,234.5K Views", "removed_counter"),
        ("• 12 comments •", "removed_counter"),
        ("Menu", "removed_short"),
        ("   ", "removed_short"),
    ],
)
def test_a_line_is_removed_for_its_reason(line, signal):
    signals, texts = measure(f"{PROSE}\n{line}\n{END}")
    assert texts == [f"{PROSE}\n{END}"]
    assert {name for name in signals if name.startswith("removed") and signals[name] != [0]} - {"removed_words"} == {
        signal
    }


@pytest.mark.parametrize("line", ["HALF half", "2 3", "3 likes and more", "no 3 likes", "x3 likes", "two words", ""])
def test_other_lines_stay(line):
    assert measure(f"{PROSE}\n{line}\n{END}")[1] == [f"{PROSE}\n{line}\n{END}"]


def test_a_line_that_comes_to_stand_first_or_last_is_judged_without_its_white_space():
    signals, texts = measure(f"  123\n{PROSE}\n456 ", f"{PROSE}\n  123\n{END}", f"ALL CAPS\n \n 123\n{PROSE}")
    assert signals["removed_numeric"] == [2, 0, 1]
    assert signals["removed_short"] == [0, 1, 0]
    assert texts == [PROSE, f"{PROSE}\n{END}", PROSE]


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("2 Items in Cart", "2"),
        ("more about this Read more...", "more about this"),
        ("more about this read more>>>", "more about this"),
        ("Sign-in to your account", "to your account"),
        ("0 items in cart Read more...", "0"),
    ],
)
def test_phrases_are_cut_out_of_short_lines(line, rest):
    assert measure(f"{PROSE}\n{line}\n{END}")[1] == [f"{PROSE}\n{rest}\n{END}"]
    long = f"one two three four five six seven eight {line} ten eleven twelve"
    assert measure(f"{PROSE}\n{long}\n{END}")[1] == [f"{PROSE}\n{long}\n{END}"]


def test_a_line_of_nothing_but_a_phrase_goes():
    assert measure(f"{PROSE}\n\nRead more...\n{END}")[1] == [f"{PROSE}\n\n{END}"]
    assert measure(f"{PROSE}\nRead more...\n{END}", last_phrases=())[1] == [f"{PROSE}\nRead more...\n{END}"]


def test_newlines_are_limited_before_lines_are_removed():
    assert measure(f"{PROSE}\n\n\n\n\n{END}\n\nMenu\n\n{END}")[1] == [f"{PROSE}\n\n{END}\n\n\n{END}"]
    assert measure(f"{PROSE}\n\n\n{END}", max_newlines=None)[1] == [f"{PROSE}\n\n\n{END}"]


def test_words_are_those_that_begin_with_a_letter_or_a_digit():
    signals, _ = measure(
        "a b c d e f g h i - * 4 (l) m\nMENU!", f"{'word ' * 19}\nMenu", f"{'word ' * 18}\nMenu", "", "..."
    )
    assert signals["words"] == [12, 20, 19, 0, 0]
    assert signals["removed_words"] == [1 / 12, 1 / 20, 1 / 19, 1.0, 1.0]


def test_words_cut_with_a_phrase_are_removed_words():
    signals, _ = measure(f"{PROSE}\nnothing but Read more...")
    assert signals["removed_words"] == [2 / 14]


def test_the_rule_is_five_percent():
    assert RefinedWebLines().rules() == {"refinedweb.removed_words": Bound(max=0.05)}


def corrected(text):
    """What DCLM's modifiers leave, one after the other."""
    lines = re.sub("\n{3,}", "\n\n", text).split("\n")
    counter = r"\W*\d(?:,|\.|\d)*[kmb]?\s+(?:likes|shares|views)\W*"
    rules = [
        lambda line: sum(map(str.isupper, line)) > 0.5 * len(line),
        lambda line: line.isdigit(),
        lambda line: re.fullmatch(counter, line.lower()),
    ]
    for remove in rules:
        lines = "\n".join(line for line in lines if not line or not remove(line)).strip().split("\n")
    lines = [line for line in lines if not line or len(line.split()) >= 2]
    for pattern in (r"\s?items in cart", r"\s?read more...$", r"^sign-in\s?"):
        cut = [re.sub(pattern, "", line, flags=re.I) if len(line.split()) <= 10 else line for line in lines]
        left = [new for new, old in zip(cut, lines, strict=True) if new.strip() or not old]
        lines = "\n".join(left).strip().split("\n")
    return "\n".join(lines)


PIECES = ["a", "Bc", "DEF", "É", "5", "٣", "3 likes", "1k Views", ".", "\t", " ", "  ", "\n", "\n\n\n", "\xa0", "\x85"]
PHRASES = ["items in cart", "Read more...", "Sign-in", "some more words are here"]


@given(st.lists(st.lists(st.sampled_from(PIECES + PHRASES), max_size=25).map("".join), max_size=5))
def test_any_text_is_corrected_as_defined(texts):
    assert measure(*texts)[1] == [corrected(text) for text in texts]
