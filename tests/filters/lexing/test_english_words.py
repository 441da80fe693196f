"""The facts about spaCy's rules that let `english_words` leave out most searches, for every character there is."""

import json
import subprocess
import sys

import pytest
import spacy

from filters.lexing.english_rules import FILE, rules_of_spacy
from filters.lexing.english_words import LONGEST_SUFFIX, EnglishSplitter

ALPHANUMERIC = [chr(i) for i in range(sys.maxunicode + 1) if chr(i).isalnum()]


@pytest.fixture(scope="module")
def tokenizer():
    return spacy.blank("en").tokenizer


def test_the_rules_in_the_file_are_those_of_the_installed_spacy():
    assert json.loads(FILE.read_text(encoding="utf-8")) == rules_of_spacy(), (
        "write them anew: python -m filters.lexing.english_rules"
    )


def test_spacy_itself_is_not_imported():
    code = (
        "import sys; from filters.lexing import english_words as e; e.EnglishSplitter()(['a:)']); print(*sys.modules)"
    )
    assert "spacy" not in subprocess.check_output([sys.executable, "-c", code], text=True).split()


def test_of_special_cases_that_overlap_the_longest_counts_then_the_first(tokenizer):
    chunks = ["x):)", "a.m.):", "''':(", "z.B.C.D.", ":):):)", "(a.k.a.):", "'S'.", "o.O.o.", "p.m.p.m.:-)", "-_-)):"]
    for chunk in ["".join(chunks), *chunks]:
        assert EnglishSplitter()([chunk]) == [[token.text for token in tokenizer(chunk)]], chunk


def test_no_prefix_starts_with_a_letter_or_digit(tokenizer):
    assert [c for c in ALPHANUMERIC if tokenizer.prefix_search(c + "x")] == []
    assert tokenizer.prefix_search("US$5")  # the one kind that does holds a $


def test_a_suffix_that_ends_with_a_letter_or_digit_follows_a_digit_or_an_apostrophe(tokenizer):
    assert [c for c in ALPHANUMERIC if tokenizer.suffix_search("x" + c) or tokenizer.suffix_search("." + c)] == []
    units = [p for p in spacy.blank("en").Defaults.suffixes if p[-1:].isalnum()]
    assert units == ["'s", "'S", "’s", "’S"]  # all others end with a class or a group, that of units after [0-9]


def test_no_suffix_ends_with_a_decimal_digit(tokenizer):
    digits = [c for c in ALPHANUMERIC if c.isdecimal()]
    assert [c for c in digits for before in ("x", "5", "5m", "'", "$") if tokenizer.suffix_search(before + c)] == []


def test_three_characters_decide_on_short_prefixes_and_suffixes(tokenizer):
    marks = "\"'!?.,:;…-–—+*#%&@()[]{}<>_/\\|~`´’“”€£¥°©§ax5"
    for first in marks:
        for rest in ("..", "5", "x", "))", "+", "$", "…"):
            for more in ("", "5", "x", "..", "))"):
                short, long = (
                    tokenizer.prefix_search(f"{first}{rest}"[:3]),
                    tokenizer.prefix_search(first + rest + more),
                )
                if not (first + rest).startswith(".."):
                    assert (short and short.end()) == (long and long.end()), first + rest + more


def test_letters_digits_and_apostrophes_hold_no_infix(tokenizer):
    assert [c for c in ALPHANUMERIC if [*tokenizer.infix_finditer(f"x{c}y1{c}2")]] == []
    assert [*tokenizer.infix_finditer("x'y’z1'2’3")] == []


def test_no_suffix_is_longer_than_we_look(tokenizer):
    units = next(p for p in spacy.blank("en").Defaults.suffixes if "km/h" in p)
    longest = max(units.removeprefix("(?<=[0-9])(?:").removesuffix(")").split("|"), key=len)
    assert len(longest) <= LONGEST_SUFFIX


def test_a_run_of_full_stops_is_one_suffix():
    assert EnglishSplitter()(["wait........", "so………"]) == [["wait", "........"], ["so", "…", "……"]]


def test_a_hostile_chunk_is_cut_before_it_takes_hours():
    for hostile in (")" * 100_000, "a:" * 50_000, ":)" * 50_000):
        (words,) = EnglishSplitter()([hostile])
        assert "".join(words) == hostile
        assert len(words) >= 50_000


def test_letters_without_a_space_stay_one_word():
    assert EnglishSplitter()(["a" * 10_000]) == [["a" * 10_000]]
