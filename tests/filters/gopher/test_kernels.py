from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.gopher.kernels import duplicate_ngram_characters, duplicates, top_ngram_characters
from filters.lexing.concatenation import text_hashes

WORDS = st.sampled_from(["a", "b", "ab", "ba", "aba", "é", "中文", "👍", "-", "--", "---"])
DOCUMENTS = st.lists(st.lists(WORDS, max_size=60), max_size=4)


def duplicates_by_definition(elements):
    repeated = [element for i, element in enumerate(elements) if element in elements[:i]]
    return len(repeated), sum(map(len, repeated))


def top_by_definition(words, n):
    ngrams = Counter(" ".join(words[i : i + n]) for i in range(len(words) - n + 1))
    if not ngrams:
        return 0
    text, count = max(ngrams.items(), key=lambda item: item[1])
    return len(text) * count


def duplicate_ngrams_by_definition(words, n):
    seen, characters, i = set(), 0, 0
    while i + n <= len(words):
        ngram = "".join(words[i : i + n])
        characters += len(ngram) * (ngram in seen)
        i += n if ngram in seen else 1
        seen.add(ngram)
    return characters


def flat(documents):
    words = [word for document in documents for word in document]
    vocabulary = sorted(set(words))
    ids = np.array([vocabulary.index(word) for word in words], np.int32)
    lengths = np.array([len(word) for word in words], np.int32)
    return words, ids, lengths, np.cumsum([0, *map(len, documents)])


def hashes_of(words):
    encoded = [word.encode() for word in words]
    return text_hashes(np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([0, *map(len, encoded)]))


@given(DOCUMENTS)
def test_duplicates(documents):
    _, ids, lengths, offsets = flat(documents)
    count, characters = duplicates(ids, lengths, offsets)
    assert [*zip(count, characters, strict=True)] == [duplicates_by_definition(d) for d in documents]


@pytest.mark.parametrize("n", [2, 3, 4])
@given(documents=DOCUMENTS)
def test_top_ngram(n, documents):
    words, _, lengths, offsets = flat(documents)
    found = top_ngram_characters(hashes_of(words)[0], lengths, offsets, n)
    assert found.tolist() == [top_by_definition(d, n) for d in documents]


@given(DOCUMENTS)
def test_duplicate_ngrams(documents):
    words, _, lengths, offsets = flat(documents)
    found = duplicate_ngram_characters(*hashes_of(words), lengths, offsets, (5, 10))
    assert found.tolist() == [[duplicate_ngrams_by_definition(d, n) for d in documents] for n in range(5, 11)]


def test_ngrams_that_join_to_the_same_text_are_equal():
    documents = [["ab", "c", "d", "e", "f", "x", "a", "bc", "d", "e", "f"]]
    words, _, lengths, offsets = flat(documents)
    assert duplicate_ngram_characters(*hashes_of(words), lengths, offsets, (5, 5)).tolist() == [[6]]


def test_of_equally_frequent_ngrams_the_first_counts():
    words, _, lengths, offsets = flat([["a", "bb", "ccc", "dddd"]])
    assert top_ngram_characters(hashes_of(words)[0], lengths, offsets, 2).tolist() == [len("a bb")]
