from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from filters.dclm.kernels import LARGEST, SMALLEST, TOP_LARGEST, ngram_characters, repeated

LENGTHS = np.array([1, 7, 2, 5], np.int32)
DOCUMENTS = st.lists(st.lists(st.integers(0, 3), max_size=60), max_size=5)


def flat(documents):
    ids = np.array([word for document in documents for word in document], np.int32)
    return ids, LENGTHS[ids], np.cumsum([0, *map(len, documents)])


def characters_by_definition(words, n):
    ngrams = [tuple(words[i : i + n]) for i in range(len(words) - n + 1)]
    counts = Counter(ngrams)
    if not ngrams or max(counts.values()) == 1:
        return 0
    if n <= TOP_LARGEST:
        most = max(counts.values())
        return most * max(LENGTHS[list(ngram)].sum() for ngram, count in counts.items() if count == most)
    covered = {word for i, ngram in enumerate(ngrams) if counts[ngram] > 1 for word in range(i, i + n)}
    return sum(LENGTHS[words[word]] for word in covered)


@given(DOCUMENTS)
def test_ngrams_by_definition(documents):
    found = ngram_characters(*flat(documents))
    expected = [[characters_by_definition(d, n) for d in documents] for n in range(SMALLEST, LARGEST + 1)]
    assert found.tolist() == expected


@given(DOCUMENTS)
def test_repeated_elements_by_definition(documents):
    count, characters = repeated(*flat(documents))
    again = [[word for word in document if document.count(word) > 1] for document in documents]
    assert count.tolist() == [len(words) for words in again]
    assert characters.tolist() == [LENGTHS[words].sum() if words else 0 for words in again]


def test_a_text_of_one_word_repeated_many_times():
    ids = np.zeros(200_000, np.int32)
    found = ngram_characters(ids, np.full(len(ids), 3, np.int32), np.array([0, len(ids)]))
    assert found[0, 0] == 199_999 * 6
    assert found[-1, 0] == 600_000
