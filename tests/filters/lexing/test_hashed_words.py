import re
import unicodedata
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.conformance.texts import page_texts
from filters.lexing.hashed_words import fold, words_of
from filters.lexing.normal_words import normal_form
from filters.lexing.words import lex

ALPHABET = [
    *"abXZ09.,;:'’\"()[]-_/&$€£éßİſжЖ中あアｱ한ﬁⅣ½²™ªﷺ👍👨‍👩‍👧🇫🇷\u200d\u00ad\u0301\ufe0f\u0915\u093fקﬡไ \n\r\t\x00𠀀",
    "\U000e0100",
    "\u202f\u0301",
    "\u2028",
    "don't",
    "U.S.",
    "e\u0301",
]
TEXTS = st.lists(st.lists(st.sampled_from(ALPHABET), max_size=25).map("".join), max_size=4)
SINGLE = "\u0e01-\u0edf\u3005-\u3007\u3041-\u309f\u3400-\u9fff\U00020000-\U0003ffff"


JOINED = "[A-Za-z][.:][A-Za-z]|[0-9][.,;][0-9]"


def large(texts):
    return pa.array(texts, pa.large_string())


def words_by_definition(text):
    """(start, end, form) of every word, in characters."""
    # Each character as one that says what it is: letter, single letter, mark, joiner.
    kinds = "".join(
        "s" if c[0] in "LN" and re.match(f"[{SINGLE}]", character) else
        "l" if c[0] in "LN" else
        "m" if c[0] == "M" and ord(character) < 0x40000 else
        "j" if (c == "Cf" and ord(character) < 0x40000) or character in "'’_" or re.fullmatch(JOINED, around) else "-"
        for character, c, around in (
            (each, unicodedata.category(each), text[max(0, i - 1) : i + 2]) for i, each in enumerate(text)
        )
    )  # fmt: skip
    for match in re.finditer("s(?:[mj]*m)?|l(?:[lmj]*[lm])?", kinds):
        letters = [text[i] for i in range(match.start(), match.end()) if kinds[i] != "j"]
        yield match.start(), match.end(), "".join(map(fold, letters))


@given(TEXTS)
def test_words_are_those_of_the_definition(texts):
    words = words_of(large(["x", *texts]).slice(1))
    forms = []
    for text, (first, last) in zip(texts, pairwise(words.offsets.tolist()), strict=True):
        expected = list(words_by_definition(text))
        places = zip(words.start[first:last].tolist(), words.end[first:last].tolist(), strict=True)
        assert list(places) == [(len(text[:a].encode()), len(text[:b].encode())) for a, b, _ in expected]
        forms += [form for *_, form in expected]
    hashes = words.hash.tolist()
    assert len(set(zip(forms, hashes, strict=True))) == len(set(forms)) == len(set(hashes))


def test_what_is_the_same_word():
    words = words_of(
        large(["Don’t DON'T dont ﬁt FIT e\u0301tat État STRASSE straße x² X2 co\u00adop coop 한 \u1112\u1161\u11ab"])
    )
    hashes = words.hash.tolist()
    assert [hashes.index(value) for value in hashes] == [0, 0, 0, 3, 3, 5, 5, 7, 7, 9, 9, 11, 11, 13, 13]


def test_words_of_real_pages_are_told_apart_as_normal_words_are(shared_data):
    texts = large(list(page_texts([shared_data / "web" / "web-dev-004.warc.gz"])))
    distinct = {word for word in lex(texts, "uax29").vocabulary.strings if re.fullmatch(r"[^\W_]+", word)}
    found = words_of(large(sorted(distinct)))
    whole = [word for word, count in zip(sorted(distinct), np.diff(found.offsets), strict=True) if count == 1]
    assert len(whole) > 0.95 * len(distinct) > 10_000
    hashes = words_of(large(whole)).hash.tolist()
    forms = [normal_form(word) for word in whole]
    assert len(set(zip(forms, hashes, strict=True))) == len(set(forms)) == len(set(hashes))


def test_no_texts_and_no_words():
    assert words_of(large([])).offsets.tolist() == [0]
    assert words_of(large(["", " \x00\n", "\u0301'", "👍"])).offsets.tolist() == [0, 0, 0, 0, 0]
