import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from filters.c4.punkt import count_sentences, english
from filters.c4.quality import prepare
from schemas.bounds import Bound
from schemas.steps.c4 import C4Quality
from tests.support.batches import batch_of

GOOD = "This line has more than five words."
PAGE = f"{GOOD}\nHere is another line of plain prose.\nAnd so the page has three sentences."


def measure(*texts, **settings):
    found = prepare(C4Quality(**settings))(batch_of(texts))
    return {name: column.to_pylist() for name, column in found.signals.items()}, found.text.to_pylist()


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        (f"A line with a long {'w' * 1001} in it.", "removed_long_word"),
        ("A line of six words without", "removed_no_end_mark"),
        ("A line of six words, cut off...", "removed_no_end_mark"),
        ("A line that ends in a single 'quote'", "removed_no_end_mark"),
        ("A line with four.", "removed_few_words"),
        ("Please enable JavaScript in the settings of your browser.", "removed_javascript"),
        ("By reading this you agree to our Privacy Policy today.", "removed_policy"),
        ("This site USES COOKIES to make you feel at home.", "removed_policy"),
    ],
)
def test_a_line_is_removed_for_its_reason(line, signal):
    signals, (text,) = measure(f"{PAGE}\n{line}")
    assert text == PAGE
    assert signals["lines"] == [3]
    assert {name for name in signals if name.startswith("removed") and signals[name] != [0]} == {signal}


@pytest.mark.parametrize(
    "line",
    [
        f"A line with a long {'w' * 1000} in it.",
        'A line with exactly five words in quotes, “” "see"',
        "Did the line end in a question mark?",
        "The line ends in an exclamation mark!",
        "The ellipsis … is in the middle of this one.",
        "Five words are quite enough.",
    ],
)
def test_a_line_at_the_limit_stays(line):
    assert measure(f"{PAGE}\n{line}")[1] == [f"{PAGE}\n{line}"]


@pytest.mark.parametrize(
    ("line", "signal"),
    [
        ("The text is Lorem Ipsum, as so often on pages.", "lorem_ipsum"),
        ("The function begins with { and ends somewhere else.", "curly_bracket"),
    ],
)
def test_a_page_rule_is_on_the_lines_that_are_left(line, signal):
    signals, _ = measure(f"{PAGE}\n{line}", f"{PAGE}\n{line.removesuffix('.')}", f"{PAGE}\nSee Lorem Ipsum {{.")
    assert signals[signal] == [1, 0, 0]


def test_javascript_with_a_curly_bracket_costs_the_line_only_and_a_policy_the_page():
    signals, _ = measure("Some javascript with { in a line.", "The terms of use with { in a line.")
    assert signals["curly_bracket"] == [0, 1]
    assert signals["removed_javascript"] == [1, 0]
    assert signals["removed_policy"] == [0, 1]


def test_citations_go_before_marks_and_words_are_looked_at():
    text = "[edit] This was said by somebody.[1][23]\nIt was never confirmed by anybody. [citation needed]"
    _, (cut,) = measure(text)
    assert cut == "This was said by somebody."
    assert measure(text, remove_citations=False, end_marks=None)[1] == [text]
    assert measure("Just three words. [1] [2]", end_marks=None)[1] == [""]
    assert measure("Just three words. [1] [2]", end_marks=None, citations_are_words=True)[1] == ["Just three words."]


def test_lines_end_where_python_ends_them():
    breaks = ["\n", "\r\n", "\r", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"]
    signals, texts = measure(*(f"{GOOD}{line_break}\u3000 {GOOD}\xa0" for line_break in breaks))
    assert texts == [f"{GOOD}\n{GOOD}"] * len(breaks)
    assert signals["lines"] == [2] * len(breaks)


def test_sentences_are_counted_up_to_ten():
    signals, _ = measure("", PAGE, "One is here. Two is here. Mr. Three is here.", "\n".join([GOOD] * 30))
    assert signals["sentences"] == [0, 3, 3, 10]
    with pytest.raises(ValidationError, match="sentences are counted up to 10"):
        C4Quality(sentences=Bound(min=11))


def test_length_and_paragraphs_are_those_of_the_page_as_it_came():
    signals, _ = measure("a" * 190_001, "\n".join(["ä" * 200] * 3), "\n".join(["ä" * 199] * 3), min_words_per_line=1)
    assert signals["characters"] == [190_001, 602, 599]
    assert signals["paragraphs"] == [1, 3, 0]


def test_defaults_are_those_of_the_published_c4():
    step = C4Quality()
    assert step.rules() == {
        "c4.characters": Bound(max=190_000),
        "c4.lorem_ipsum": Bound(max=0),
        "c4.curly_bracket": Bound(max=0),
        "c4.sentences": Bound(min=3),
    }


def cleaned(text):
    """The kept lines and the page rules, by their definition in the paper and its code."""
    kept, rules = [], set()
    for raw in text.splitlines():
        if any(len(word) > 1000 for word in raw.split()):
            continue
        line = re.sub(r"\[\d*\]|\[edit\]|\[citation needed\]", "", raw.strip())
        if not line.endswith((".", "?", "!", '"')) or line.endswith("...") or len(line.split()) < 5:
            continue
        lowered = line.lower()
        rules |= {"lorem_ipsum"} if "lorem ipsum" in lowered else set()
        if "javascript" in lowered:
            continue
        rules |= {"curly_bracket"} if "{" in line else set()
        if any(phrase in lowered for phrase in C4Quality().policy_phrases):
            continue
        kept.append(line)
    return kept, rules


SPACES = [" ", "  ", "\n", "\r\n", "\u2028", "\xa0"]
MARKS = [".", "...", "!", '"', "{", "[1]", "[٣]", "[edit]"]
WORDS = ["a", "Word", "İ", "ſ", "U.S.", "Mr.", "中文", "five more words are here", "w" * 1001]
PHRASES = ["javascript", "JAVAſCRIPT", "JAVASCRİPT", "Lorem Ipsum", "uses cookies", "coo\u212aie policy"]
PIECES = st.sampled_from(SPACES + MARKS + WORDS + PHRASES)


@given(st.lists(st.lists(PIECES, max_size=30).map("".join), max_size=5))
def test_any_text_is_cleaned_as_defined(texts):
    signals, edited = measure(*texts)
    expected = [cleaned(text) for text in texts]
    assert edited == ["\n".join(kept).strip() for kept, _ in expected]
    for name in ("lorem_ipsum", "curly_bracket"):
        assert [count > 0 for count in signals[name]] == [name in rules for _, rules in expected]
    sentences = [sum(count_sentences(line, english()) for line in kept) for kept, _ in expected]
    assert signals["sentences"] == [min(count, 10) for count in sentences]
