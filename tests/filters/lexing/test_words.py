from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from uniseg.wordbreak import words as unicode_words

from benchmarks.conformance.texts import page_texts
from filters.lexing import words as lexing
from filters.lexing.vocabulary import Vocabulary, gather
from filters.lexing.words import lex

SPACES = "\t\n\x0b\x0c\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2009\u2028\u2029\u202f\u205f\u3000"
ALPHABET = list("abXZ09.,;:!?'’\"()[]-—_/*&^%$#@=…·°²€£éßжЖ中あア한क़👍👨‍👩‍👧🇫🇷\u200d\u00ad\u0301\x00\u200b") + list(
    SPACES
)
PIECES = st.one_of(
    st.sampled_from(ALPHABET),
    st.sampled_from(
        ["..", "can't", "e.g.", ":)", "km/h", "US$", "’s", "http://a.com/b", "10,000", "IS_ALPHA", "o’clock"]
    ),
)
TEXTS = st.lists(st.lists(PIECES, max_size=30).map("".join), max_size=4)


def as_lists(words):
    return [[words.vocabulary.strings[i] for i in words.ids[a:b]] for a, b in pairwise(words.offsets)]


def lexed(texts, lexer):
    return as_lists(lex(pa.array(texts, pa.large_string()), lexer))


@pytest.fixture(scope="module")
def spacy_words():
    pipeline = spacy.blank("en")
    return lambda text: [t.text for t in pipeline.tokenizer(text.replace("IS_ALPHA", "")) if t.text.strip()]


@pytest.fixture(scope="module")
def real_texts(shared_data):
    texts = [text for text in page_texts([shared_data / "web" / "web-dev-004.warc.gz"]) if len(text) < 20_000]
    assert len(texts) > 50
    return texts


def test_english_words_are_those_of_spacy_on_real_pages(real_texts, spacy_words):
    assert lexed(real_texts[:80], "spacy-en") == [spacy_words(text) for text in real_texts[:80]]


def test_german_words_are_those_of_spacy():
    text = "Die z.B. 10.000 km/h-Züge („ICE“) fahren's bzw.\nüber's Land – d.h. nie…"
    expected = [t.text for t in spacy.blank("de").tokenizer(text) if t.text.strip()]
    assert lexed([text], "spacy-de") == [expected]


def test_unicode_words_are_those_of_uniseg_on_real_pages(real_texts):
    texts = real_texts[:15]
    assert lexed(texts, "uax29") == [[w for w in unicode_words(text) if w.strip()] for text in texts]


@given(TEXTS)
def test_whitespace_words_are_those_of_str_split(texts):
    assert lexed(texts, "whitespace") == [text.split() for text in texts]


@given(TEXTS)
def test_unicode_words_of_any_text(texts):
    # uniseg keeps a space with a combining mark after it; the space is no part of our word.
    expected = [[w.strip(SPACES.replace("\u202f", "")) for w in unicode_words(t) if w.strip()] for t in texts]
    assert lexed(texts, "uax29") == expected


@given(st.lists(st.lists(PIECES.filter(lambda p: not p.isspace()), max_size=8).map("".join), max_size=5))
def test_english_words_of_any_chunks(spacy_words, chunks):
    assert lexed(["\n".join(chunks)], "spacy-en") == [spacy_words("\n".join(chunks))]


def test_faces_need_spacys_second_look(spacy_words):
    text = "well:) (it's 5km/h... or 20%), ''e.g.'' http://a-b.com/x-y?z=1. don't;--really US$5 5US$ #tag U.S.A."
    assert lexed([text], "spacy-en") == [spacy_words(text)]


def test_a_number_with_a_narrow_space_is_one_unicode_word():
    assert lexed(["10\u202f000 km"], "uax29") == [["10\u202f000", "km"]]


def test_empty_texts_and_batches():
    assert lexed(["", "  ", "a"], "spacy-en") == [[], [], ["a"]]
    assert lexed([], "spacy-en") == []


def test_a_slice_of_an_array_lexes_like_its_own():
    texts = pa.array(["one two", "three", "four five six"], pa.large_string())
    assert as_lists(lex(texts.slice(1, 2), "whitespace")) == [["three"], ["four", "five", "six"]]


def test_facts_of_words():
    words = lex(pa.array(["naïve 3.5 -- 中文 § x1 ..."], pa.large_string()), "whitespace")
    facts, ids = words.vocabulary, words.ids
    assert facts.length[ids].tolist() == [5, 3, 2, 2, 1, 2, 3]
    assert facts.has_alpha[ids].tolist() == [True, False, False, True, False, True, False]
    assert facts.is_punctuation[ids].tolist() == [False, False, True, False, False, False, True]
    assert facts.starts_alphanumeric[ids].tolist() == [True, True, False, True, False, True, False]
    assert len(set(facts.hash[ids].tolist())) == 7
    assert facts.membership(["3.5", "absent"])[ids].tolist() == [False, True, False, False, False, False, False]


def test_words_do_not_depend_on_what_was_lexed_before(monkeypatch):
    texts = [[f"word{i} (and word{i % 3})." for i in range(start, start + 40)] for start in range(0, 200, 40)]
    expected = [lexed(batch, "spacy-en") for batch in texts]
    monkeypatch.setattr(lexing, "MAX_CHUNKS", 50)
    monkeypatch.setattr(lexing, "_vocabularies", {})
    first = lex(pa.array(texts[0]), "spacy-en").vocabulary
    assert [lexed(batch, "spacy-en") for batch in texts] == expected
    assert lexing._vocabularies["spacy-en"] is not first
    assert lexing._vocabularies["spacy-en"].chunks <= 50 + 80


def test_a_vocabulary_splits_a_chunk_once():
    asked = []

    def split(chunks):
        asked.extend(chunks)
        return [list(chunk) for chunk in chunks]

    vocabulary = Vocabulary(split)
    for chunks in (["ab", "c"], ["c", "ab", "d"]):
        ids, ends = vocabulary.words_of(chunks)
        starts = np.concatenate(([0], ends[:-1]))
        assert ["".join(vocabulary.strings[i] for i in ids[a:b]) for a, b in zip(starts, ends, strict=True)] == chunks
    assert asked == ["ab", "c", "d"]


def test_gather_joins_slices():
    values = np.arange(10)
    assert gather(values, np.array([7, 0, 4]), np.array([2, 0, 3])).tolist() == [7, 8, 4, 5, 6]


def test_every_mark_of_ascii_beside_unicode_words():
    marks = [chr(point) for point in range(33, 127)]
    ends = [word + mark for word in ("", "x", "1", "x1", "é", "_") for mark in marks]
    chunks = ends + ["x" + one + other for one in marks for other in marks]
    assert lexed(["\n".join(chunks)], "uax29") == [[word for chunk in chunks for word in unicode_words(chunk)]]
