"""Normal words from bytes are those of the lexer."""

import gzip
import json

import numpy as np
import pyarrow as pa
import pytest
import xxhash
from hypothesis import given
from hypothesis import strategies as st

from filters.lexing.normal_text import normal_words_of
from filters.lexing.normal_words import normal_words
from filters.lexing.words import lex
from filters.lexing.xxh3 import LONGEST, short_hash

ascii_texts = st.text(st.sampled_from("abzAZ019_'.,:;-\"/ \n$"), max_size=50)
any_texts = st.text(st.sampled_from("aZ0_'.,: \u00e9\u0301\u2019\u202f日かカא\U0001f600\u00ad"), max_size=30)


def same(texts: list[str]) -> None:
    array = pa.array(texts, pa.large_string())
    found, wanted = normal_words_of(array), normal_words(lex(array, "uax29"))
    assert found.offsets.tolist() == wanted.offsets.tolist()
    assert found.hashes.tolist() == wanted.hashes.tolist()


@given(st.lists(ascii_texts, max_size=5))
def test_ascii_texts(texts):
    same(texts)


@given(st.lists(st.one_of(any_texts, ascii_texts), max_size=5))
def test_texts_of_any_kind(texts):
    same(texts)


@pytest.mark.parametrize(
    "text", ["", " ", "a" * 16, "a" * 17, "x" * 40 + " y", "a.b.c 1,000.5 don't 3.a a:b 1:2 _a_ __ a_.b"]
)
def test_edges(text):
    same([text, "", text])


def test_all_pairs_and_triples_of_marks():
    marks = "aB0_'.,:;-\"!"
    same([" ".join(a + b + c + d for b in marks for c in marks for d in marks) for a in marks])


def test_slices(shared_data):
    with gzip.open(shared_data / "decontam" / "arena_hard.jsonl.gz", "rt") as rows:
        texts = [json.loads(row)["text"] for row in rows]
    same(texts)
    array = pa.array(texts, pa.large_string())
    whole = normal_words_of(array)
    part = normal_words_of(array.slice(100, 50))
    assert part.hashes.tolist() == whole.hashes[whole.offsets[100] : whole.offsets[150]].tolist()


@given(st.binary(min_size=1, max_size=LONGEST))
def test_short_hashes_are_xxh3(data):
    assert int(short_hash(np.frombuffer(data, np.uint8), len(data))) == xxhash.xxh3_64_intdigest(data)
