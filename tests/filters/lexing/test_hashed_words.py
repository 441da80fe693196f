import re
import unicodedata
from itertools import pairwise

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.conformance.texts import page_texts
from filters.lexing.characters import CODE_POINTS, WHITE_SPACE_BELOW
from filters.lexing.hashed_words import IDEOGRAPHS, fold, words_of
from filters.lexing.words import lex
from tests.support.words import words_by_definition

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


def large(texts):
    return pa.array(texts, pa.large_string())


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


def composed_form(word):
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    return "".join(c for c in folded if unicodedata.category(c)[0] in "LNM")


def test_words_of_real_pages_are_told_apart_as_composed_forms_are(shared_data):
    texts = large(list(page_texts([shared_data / "web" / "web-dev-004.warc.gz"])))
    distinct = {word for word in lex(texts, "uax29").vocabulary.strings if re.fullmatch(r"[^\W_]+", word)}
    found = words_of(large(sorted(distinct)))
    whole = [word for word, count in zip(sorted(distinct), np.diff(found.offsets), strict=True) if count == 1]
    assert len(whole) > 0.95 * len(distinct) > 10_000
    hashes = words_of(large(whole)).hash.tolist()
    forms = [composed_form(word) for word in whole]
    assert len(set(zip(forms, hashes, strict=True))) == len(set(forms)) == len(set(hashes))


def test_no_texts_and_no_words():
    assert words_of(large([])).offsets.tolist() == [0]
    assert words_of(large(["", " \x00\n", "\u0301'", "👍"])).offsets.tolist() == [0, 0, 0, 0, 0]


def test_characters_that_no_table_is_made_of_are_compared_by_themselves():
    for first, last in IDEOGRAPHS:
        letters = [chr(point) for point in range(first, last + 1) if unicodedata.category(chr(point)) == "Lo"]
        assert fold("\0".join(letters)) == "\0".join(letters)
    assert not any(chr(point).isspace() for point in range(WHITE_SPACE_BELOW, CODE_POINTS))
