"""What is found is what a search word by word finds, however documents are cut into batches."""

import gzip
import json
import random
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.ngrams.benchmarks import BenchmarkIndex, words_of_texts
from filters.ngrams.collisions import (
    common_ngrams,
    contaminated,
    count_documents,
    documents_by_benchmark,
    evidence,
    hit_items,
)
from filters.ngrams.hashing import mix, sequence_hashes
from filters.ngrams.match import Hits, find_hits
from tests.support.benchmarks import index_of
from tests.support.words import words_by_definition

WORDS = ["a", "b", "c", "Dee", "it's"]
texts = st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join)
some_texts = st.lists(texts, min_size=1, max_size=8)


def plain_words(text: str) -> list[str]:
    return [form for *_, form in words_by_definition(text)]


def naive_ngrams(questions: list[str], answers: list[str], n: int) -> set[tuple[str, ...]]:
    found = set()
    for question in map(plain_words, questions):
        length = min(n, len(question))
        found |= {tuple(question[i : i + length]) for i in range(len(question) - length + 1) if length}
    for answer in map(plain_words, answers):
        found |= {tuple(answer[i : i + n]) for i in range(len(answer) - n + 1)}
    return found


def naive_hits(documents: list[str], ngrams: set[tuple[str, ...]]) -> list[tuple[int, int, tuple[str, ...]]]:
    lengths = sorted({len(ngram) for ngram in ngrams})
    hits = []
    for number, words in enumerate(map(plain_words, documents)):
        for start in range(len(words)):
            for n in lengths:
                ngram = tuple(words[start : start + n])
                if len(ngram) == n and ngram in ngrams and (n >= 4 or n == len(words)):
                    hits.append((number, start, ngram))
    return hits


def as_words(hits: Hits, documents: list[str], index: BenchmarkIndex) -> list[tuple[int, int, tuple[str, ...]]]:
    lengths = index.ngrams.lengths[hits.ngram].tolist()
    places = zip(hits.document.tolist(), hits.word.tolist(), lengths, strict=True)
    return [(row, word, tuple(plain_words(documents[row])[word : word + n])) for row, word, n in places]


@given(questions=some_texts, answers=st.lists(texts, max_size=8), documents=some_texts)
def test_finds_what_a_search_word_by_word_finds(questions, answers, documents):
    index = index_of(questions, answers)
    lengths = [length for length in (len(plain_words(question)) for question in questions) if length]
    n = min(max(int(np.percentile(lengths, 5)), 4), 13) if lengths else 13
    assert index.metadata.benchmarks[0].n == n
    ngrams = naive_ngrams(questions, answers[: len(questions)], n)
    assert index.ngrams.ngrams == len(ngrams)
    hits = find_hits(words_of_texts(documents), index.ngrams)
    assert as_words(hits, documents, index) == naive_hits(documents, ngrams)


@given(questions=some_texts, documents=some_texts, cut=st.integers(0, 8))
def test_any_split_into_batches_gives_the_same(questions, documents, cut):
    index = index_of(questions)
    whole = find_hits(words_of_texts(documents), index.ngrams)
    parts = [find_hits(words_of_texts(part), index.ngrams) for part in (documents[:cut], documents[cut:])]
    shifted = np.concatenate([parts[0].document, parts[1].document + len(documents[:cut])])
    assert shifted.tolist() == whole.document.tolist()
    assert np.concatenate([part.word for part in parts]).tolist() == whole.word.tolist()
    assert np.concatenate([part.ngram for part in parts]).tolist() == whole.ngram.tolist()


def test_finds_all_of_many_hits_across_blocks():
    index = index_of(["one two three four five"])
    documents = ["one two three four five " * 3000, "", "one", "two three four five"]
    hits = find_hits(words_of_texts(documents), index.ngrams)
    assert len(hits) == 3000
    assert hits.word.tolist() == list(range(0, 15000, 5))
    assert set(hits.document.tolist()) == {0}


def test_an_empty_index_finds_nothing():
    index = index_of(["...", "?!"])
    assert index.ngrams.ngrams == 0
    assert index.metadata.benchmarks[0].empty_items == 2
    assert len(find_hits(words_of_texts(["anything at all in here", ""]), index.ngrams)) == 0


def test_items_under_four_words_are_found_as_a_whole_document_only():
    index = index_of(["Who are you?", "yes", "What is the boiling point of water at sea level?"])
    documents = ["who ARE you", "Who are you? he asked.", "Yes!", "yes it is", "who are", "you are who"]
    hits = find_hits(words_of_texts(documents), index.ngrams)
    assert hits.document.tolist() == [0, 2]


def test_short_answers_are_not_looked_for_and_long_ones_are():
    answers = ["none of the above", "because the sun heats the sea more than the land"]
    index = index_of(["what is it that makes the wind blow", "why does the wind blow from the sea"], answers)
    (about,) = index.metadata.benchmarks
    assert (about.n, about.answers, about.short_answers) == (8, 1, 1)
    documents = ["It is none of the above.", "They say: because the sun heats the sea more than it should!"]
    assert find_hits(words_of_texts(documents), index.ngrams).document.tolist() == [1]


def test_counting_is_no_evidence_unless_an_item_does_nothing_else():
    calendar = "1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11"
    index = index_of(["the numbers 1 2 3 4 5 6 7 8 9 10 have a sum", "what comes after the numbers given here"])
    assert len(find_hits(words_of_texts([calendar]), index.ngrams)) == 0
    assert len(find_hits(words_of_texts(["he said the numbers 1 2 3 4 5 6 have"]), index.ngrams)) > 0
    index = index_of(["1 2 3 4 5 6 7", "what comes after the numbers given here"])
    assert len(find_hits(words_of_texts([calendar]), index.ngrams)) > 0


def test_the_order_of_words_matters():
    rng = np.random.default_rng(0)
    words = rng.integers(1, 2**63, 8, dtype=np.uint64)
    orders = [rng.permutation(words) for _ in range(500)]
    distinct = {tuple(order.tolist()) for order in orders}
    flat = np.concatenate(orders)
    hashes, prefixes = sequence_hashes(flat, np.arange(0, len(flat), 8), np.full(len(orders), 8))
    assert len(np.unique(hashes)) == len(distinct)
    assert len(np.unique(prefixes)) == len({order[:4] for order in distinct})
    assert mix(np.uint64(1), np.uint64(2)) != mix(np.uint64(2), np.uint64(1))


def test_counts_documents_not_occurrences_and_adds_up():
    index = index_of(["one two three four", "five six seven eight"])
    documents = ["one two three four, one two three four", "five six seven eight", "one two three four", "nothing"]
    hits = find_hits(words_of_texts(documents), index.ngrams)
    counts = np.zeros(index.ngrams.ngrams, np.int64)
    for part in (documents[:2], documents[2:]):
        ngrams, found = count_documents(find_hits(words_of_texts(part), index.ngrams))
        counts[ngrams] += found
    assert sorted(counts.tolist()) == [1, 2]
    assert contaminated(hits, 4).tolist() == [True, True, True, False]
    rare = evidence(hits, common_ngrams(counts, 2))
    assert contaminated(rare, 4).tolist() == [False, True, False, False]
    assert contaminated(evidence(hits, common_ngrams(counts, 1)), 4).tolist() == [False] * 4


def test_hits_name_items_and_benchmarks():
    index = index_of(["one two three four", "zero one two three four", "five six seven eight"], shortest=4)
    documents = ["one two three four and five six seven eight", "", "five six seven eight"]
    hits = find_hits(words_of_texts(documents), index.ngrams)
    hit, item = hit_items(hits, index.ngrams)
    assert sorted(zip(hits.document[hit].tolist(), item.tolist(), strict=True)) == [(0, 0), (0, 1), (0, 2), (2, 2)]
    assert documents_by_benchmark(hits, index.ngrams, 3).tolist() == [2, 0, 0]
    nothing = find_hits(words_of_texts([""]), index.ngrams)
    assert documents_by_benchmark(nothing, index.ngrams, 1).tolist() == [0]


@pytest.fixture(scope="module")
def questions(shared_data):
    def read(name: str) -> list[str]:
        with gzip.open(shared_data / "decontam" / f"{name}.jsonl.gz", "rt") as rows:
            return [json.loads(row)["text"] for row in rows]

    return read


def test_agrees_with_a_plain_search_on_real_items_in_real_texts(questions):
    items = questions("gsm8k")[:200] + questions("truthfulqa")[:200]
    index = index_of(items)
    n = index.metadata.benchmarks[0].n
    ngrams = naive_ngrams(items, [], n)
    documents = questions("gsm8k_train")[:150] + questions("truthfulqa")[150:250]
    hits = find_hits(words_of_texts(documents), index.ngrams)
    wanted = naive_hits(documents, ngrams)
    assert as_words(hits, documents, index) == wanted
    assert len({row for row, _, _ in wanted}) >= 50


def test_every_item_is_found_in_other_dress(questions):
    items = questions("openbookqa")
    index = index_of(items)
    rng = random.Random(0)
    dressed = [re.sub(r"\s+", lambda _: rng.choice(("\n", "  ", "\t")), item).upper() + "!!" for item in items]
    hits = find_hits(words_of_texts([f"Some words before. {item} And some after." for item in dressed]), index.ngrams)
    assert contaminated(hits, len(items)).all()
