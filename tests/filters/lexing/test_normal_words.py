import gc
import unicodedata
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st
from uniseg.wordbreak import words as unicode_words

from benchmarks.conformance.texts import page_texts
from filters.lexing import normal_words as module
from filters.lexing import words as lexing
from filters.lexing.normal_words import NormalWords, normal_form, normal_words
from filters.lexing.words import lex

ALPHABET = [
    *"abXZ09.,'’\"()-_/&%$€£éßİſжЖ中あアｱ한ﬁⅣ½²①™ªﷺﹰ👍👨‍👩‍👧🇫🇷\u200d\u00ad\u0301\u0345\ufe0f\u0915\u093f \n\u202f",
    "don't",
    "U.S.",
]
TEXTS = st.lists(st.lists(st.sampled_from(ALPHABET), max_size=25).map("".join), max_size=4)
INVISIBLE = {0x34F, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def naive_form(word):
    """The definition, step by step and for every word anew."""
    if not any(unicodedata.category(c)[0] in "LN" for c in word):
        return ""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
    kept = "".join(c for c in folded if unicodedata.category(c)[0] in "LNM" and ord(c) not in INVISIBLE)
    return unicodedata.normalize("NFKC", kept) if any(unicodedata.category(c)[0] in "LN" for c in kept) else ""


def naive(text):
    forms = [naive_form(word) for word in unicode_words(text)]
    return [xxhash.xxh3_64_intdigest(form.encode()) for form in forms if form]


def as_lists(normal: NormalWords):
    return [normal.hashes[a:b].tolist() for a, b in pairwise(normal.offsets)]


def normal(texts):
    return as_lists(normal_words(lex(pa.array(texts, pa.large_string()), "uax29")))


def hash_of(form):
    return xxhash.xxh3_64_intdigest(form.encode())


@pytest.fixture(scope="module")
def real_texts(shared_data):
    return [text for text in page_texts([shared_data / "web" / "web-dev-004.warc.gz"]) if len(text) < 20_000]


def test_real_pages_have_the_words_of_the_definition(real_texts):
    assert normal(real_texts[:8]) == [naive(text) for text in real_texts[:8]]


def test_every_word_of_real_pages_has_the_form_of_the_definition(real_texts):
    vocabulary = lex(pa.array(real_texts, pa.large_string()), "uax29").vocabulary
    assert len(vocabulary.strings) > 5_000
    assert [w for w in vocabulary.strings if normal_form(w) != naive_form(w)] == []


@given(TEXTS)
def test_any_text_has_the_words_of_the_definition(texts):
    assert normal(texts) == [naive(text) for text in texts]


@given(st.text(max_size=6))
def test_a_form_holds_letters_digits_and_marks_and_has_no_other_case(word):
    form = normal_form(word)
    assert form == naive_form(word)
    assert all(unicodedata.category(c)[0] in "LNM" for c in form)
    assert form.casefold() == form or unicodedata.normalize("NFKC", form.casefold()) == form


@pytest.mark.parametrize(
    ("word", "form"),
    [
        ("don't", "dont"),
        ("DON’T", "dont"),
        ("U.S.", "us"),
        ("10,000.50", "1000050"),
        ("snake_case", "snakecase"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("ﬁne", "fine"),
        ("Ⅳ", "iv"),
        ("½", "12"),
        ("ｶﾞ", "ガ"),
        ("cafe\u0301", "café"),
        ("e\u200d\u0301", "é"),
        ("co\u00adop", "coop"),
        ("हिन्दी", "हिन्दी"),
        ("葛\U000e0100", "葛"),
        ("1\ufe0f\u20e3", "1\u20e3"),
        ("™", ""),
        ("👍", ""),
        ("👨‍👩‍👧", ""),
        ("...", ""),
        ("\u0301", ""),
        ("ﹰ", ""),
        ("", ""),
    ],
)
def test_forms(word, form):
    assert normal_form(word) == form


def test_chinese_is_one_word_a_character_and_punctuation_is_none():
    assert normal(["我喜欢,狗。 👍 OK!"]) == [[hash_of(c) for c in "我喜欢狗"] + [hash_of("ok")]]


def test_empty_texts_and_batches():
    assert normal(["", " ... ", "A"]) == [[], [], [hash_of("a")]]
    assert normal([]) == []
    assert normal_words(lex(pa.array(["", "a b"], pa.large_string()), "uax29")).per_document.tolist() == [0, 2]


def test_words_do_not_depend_on_what_was_lexed_before(monkeypatch):
    texts = [[f"Word{i}, (and word{i % 3})." for i in range(start, start + 40)] for start in range(0, 200, 40)]
    expected = [[naive(text) for text in batch] for batch in texts]
    monkeypatch.setattr(lexing, "MAX_CHUNKS", 50)
    monkeypatch.setattr(lexing, "_vocabularies", {})
    first = lex(pa.array(texts[0], pa.large_string()), "uax29")
    assert [normal(batch) for batch in texts] == expected
    assert lexing._vocabularies["uax29"] is not first.vocabulary
    assert as_lists(normal_words(first)) == expected[0]


def test_two_vocabularies_keep_their_own_facts(monkeypatch):
    monkeypatch.setattr(lexing, "_vocabularies", {})
    one = lex(pa.array(["alpha beta gamma"], pa.large_string()), "uax29")
    monkeypatch.setattr(lexing, "_vocabularies", {})
    two = lex(pa.array(["gamma alpha"], pa.large_string()), "uax29")
    assert one.vocabulary is not two.vocabulary
    assert as_lists(normal_words(one)) == [[hash_of(w) for w in ("alpha", "beta", "gamma")]]
    assert as_lists(normal_words(two)) == [[hash_of(w) for w in ("gamma", "alpha")]]


def test_each_distinct_word_is_hashed_once(monkeypatch):
    monkeypatch.setattr(lexing, "_vocabularies", {})
    seen = []
    real = module.normal_form
    monkeypatch.setattr(module, "normal_form", lambda word: seen.append(word) or real(word))
    normal(["one two", "two one"])
    normal(["one three"])
    assert seen == ["one", "two", "three"]


def test_facts_go_with_their_vocabulary(monkeypatch):
    monkeypatch.setattr(lexing, "_vocabularies", {})
    normal(["one two"])
    before = len(module._hashes)
    lexing._vocabularies.clear()
    gc.collect()
    assert len(module._hashes) == before - 1


def test_hashes_are_of_the_right_type():
    words = normal_words(lex(pa.array(["a b"], pa.large_string()), "uax29"))
    assert (words.hashes.dtype, words.offsets.dtype) == (np.uint64, np.int64)
