"""Measures of hits are those that a look at every word gives."""

from collections import defaultdict

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from filters.ngrams.benchmarks import words_of_texts
from filters.ngrams.match import find_hits
from filters.ngrams.passages import item_matches, measure
from filters.ngrams.show import document_passage, item_part
from tests.support.benchmarks import index_of

texts = st.lists(st.sampled_from(["a", "b", "c", "d"]), max_size=30).map(" ".join)
some_texts = st.lists(texts, min_size=1, max_size=5)


@given(questions=some_texts, answers=st.lists(texts, max_size=5), documents=some_texts)
def test_measures_are_those_of_every_word(questions, answers, documents):
    index = index_of(questions, answers).ngrams
    hits = find_hits(words_of_texts(documents), index)
    found = measure(hits, index, len(documents))
    for row in range(len(documents)):
        chosen = np.flatnonzero(hits.document == row)
        assert found.ngrams[row] == len(set(hits.ngram[chosen].tolist()))
        ends = sorted((int(hits.word[i]), int(hits.word[i] + index.lengths[hits.ngram[i]])) for i in chosen)
        longest, start, end = 0, 0, -1
        for first, last in ends:
            start, end = (start, max(end, last)) if first <= end else (first, last)
            longest = max(longest, end - start)
        assert found.longest[row] == longest


@given(questions=some_texts, answers=st.lists(texts, max_size=5), documents=some_texts)
def test_every_item_of_every_hit_is_matched_with_its_longest_run(questions, answers, documents):
    index = index_of(questions, answers).ngrams
    hits = find_hits(words_of_texts(documents), index)
    matches = item_matches(hits, index)
    expected: dict[tuple[int, int], list[int]] = defaultdict(list)
    for hit in range(len(hits)):
        for item in index.items_of(int(hits.ngram[hit])).tolist():
            expected[int(hits.document[hit]), item].append(hit)
    assert list(zip(matches.document.tolist(), matches.item.tolist(), strict=True)) == sorted(expected)
    for position, pair in enumerate(sorted(expected)):
        of_item = expected[pair]
        assert matches.ngrams[position] == len({int(hits.ngram[hit]) for hit in of_item})
        places = {(int(index.lengths[hits.ngram[hit]]), int(hits.word[hit])) for hit in of_item}
        runs = {(n, word): 0 for n, word in places if (n, word - 1) not in places}
        for n, word in list(runs):
            while (n, word + runs[n, word]) in places:
                runs[n, word] += 1
        first, last = (int(each[position]) for each in (matches.first, matches.last))
        n = int(index.lengths[hits.ngram[first]])
        words = int(hits.word[last]) + n - int(hits.word[first])
        assert words == max(length + count - 1 for (length, _), count in runs.items())
        assert words == n + runs[n, int(hits.word[first])] - 1


def test_shows_which_share_of_a_question_a_passage_is():
    index = index_of(["When the old mill turns at last, who will be there to hear it turn?"], ["a" * 5], shortest=4)
    hits = find_hits(words_of_texts(["So the old mill turns at last who will be there to see it turn"]), index.ngrams)
    assert len(hits) == 0
    index = index_of(["one two three four five six seven eight", "one two three four"], shortest=4)
    hits = find_hits(words_of_texts(["zero one two three four five six zero"]), index.ngrams)
    matches = item_matches(hits, index.ngrams)
    assert matches.item.tolist() == [0, 1]
    ngram = int(hits.ngram[matches.first[0]])
    assert item_part(index, 0, ngram, 6, 50) == ("[one two three four five six] seven eight", 0.75)
    assert item_part(index, 1, int(hits.ngram[matches.first[1]]), 4, 50) == ("[one two three four]", 1.0)


def test_no_hits_match_nothing():
    index = index_of(["one two three four five"]).ngrams
    hits = find_hits(words_of_texts(["nothing"]), index)
    assert len(item_matches(hits, index)) == 0
    assert measure(hits, index, 1).longest.tolist() == [0]


def test_shows_a_passage_far_into_a_long_document():
    index = index_of(["one two three four five"], shortest=4)
    text = "zero " * 700 + "One, two, three, four, five! " + "zero " * 10
    hits = find_hits(words_of_texts([text]), index.ngrams)
    place = (int(hits.word[0]), int(hits.ngram[0]))
    assert place[0] == 700
    assert document_passage(index, text, place, 10) == "… zero [One, two, three, four, five]! zero …"
