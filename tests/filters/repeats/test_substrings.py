from collections import defaultdict
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.conformance.texts import page_texts
from filters.lexing.hashed_words import HashedWords, words_of
from filters.repeats.substrings import (
    WORD_RANGES,
    anchor_rows,
    repeated_anchors,
    repeated_windows,
    window_rows,
)
from filters.repeats.winnowing import winnow
from tests.support.corpora import batches_of, documents_of, exchange, part, reduced

LETTERS = st.text("ab", max_size=30) | st.text("abcd", max_size=40)
CYCLES = st.builds(lambda cycle, times: cycle * times, st.text("abcd", max_size=9), st.integers(2, 9))
DOCUMENTS = st.lists(st.builds("{}{}{}".format, LETTERS, CYCLES, LETTERS).map(" ".join), max_size=6)


def cut_by_definition(documents_words, order, k):
    """The words (row, position) that go, by the definition: of every run of k words all occurrences but the first."""
    occurrences = defaultdict(list)
    for row in sorted(range(len(order)), key=lambda row: order[row]):
        words = documents_words[row]
        for start in range(len(words) - k + 1):
            occurrences[tuple(words[start : start + k])].append((row, start))
    gone = set()
    for first, *others in occurrences.values():
        kept = {(first[0], first[1] + i) for i in range(k)}
        for row, start in others:
            gone |= {(row, start + i) for i in range(k)} - kept
    return gone


def cut_by_passes(documents, k, *, sizes=(), buckets=1, seed=0):
    """The words (row, position) that go, by the passes over batches and buckets; every range once."""
    batches = batches_of(documents, sizes)
    anchors = reduced(exchange([anchor_rows(batch, k) for batch in batches], "hash", buckets, seed), repeated_anchors)
    rows = []
    for batch in batches:
        mine = anchors.filter(pa.array(np.isin(anchors["node"].to_numpy(), batch.node)))
        rows.append(window_rows(batch, mine, k))
    found = reduced(exchange(rows, "high", buckets, seed + 1), lambda bucket: repeated_windows(bucket, k))
    assert found.schema == WORD_RANGES
    row_of = {node: row for row, node in enumerate(documents.node.tolist())}
    return {(row_of[r["node"]], word) for r in found.to_pylist() for word in range(r["first"], r["last"])}


def words_by_document(documents):
    words = words_of(documents.text)
    return [words.hash[a:b].tolist() for a, b in pairwise(words.offsets)]


def as_words(hashes):
    nowhere = np.zeros(len(hashes), np.int64)
    return HashedWords(hashes, nowhere, nowhere, np.array([0, len(hashes)]))


@settings(max_examples=50)
@given(
    texts=DOCUMENTS,
    k=st.integers(2, 12),
    sizes=st.lists(st.integers(1, 3), max_size=3),
    buckets=st.integers(1, 4),
    seed=st.integers(0, 99),
)
def test_what_is_cut_is_what_an_exhaustive_search_finds(texts, k, sizes, buckets, seed):
    order = np.random.default_rng(seed).permutation(len(texts)).tolist()
    documents = documents_of(texts, order)
    expected = cut_by_definition([text.split() for text in texts], order, k)
    assert cut_by_passes(documents, k, sizes=sizes, buckets=buckets, seed=seed) == expected


@given(
    parts=st.lists(st.lists(st.integers(0, 5), min_size=1, max_size=6), min_size=2, max_size=5),
    seed=st.integers(0, 9),
)
def test_long_passages_in_random_text(parts, seed):
    """Documents put together from six passages of 20 to 70 words, so that runs begin and end anywhere."""
    random = np.random.default_rng(seed)
    passages = [random.integers(0, 1000, 20 + 10 * i).tolist() for i in range(6)]
    texts = [" ".join(f"w{word}" for number in numbers for word in passages[number]) for numbers in parts]
    expected = cut_by_definition([text.split() for text in texts], range(len(texts)), 50)
    assert cut_by_passes(documents_of(texts), 50, sizes=[1, 2], buckets=3) == expected


@given(words=st.lists(st.integers(0, 2**64 - 1) | st.integers(0, 3), max_size=150), k=st.integers(2, 30))
def test_every_k_words_hold_an_anchor_that_depends_on_them_only(words, k):
    hashes = np.array(words, np.uint64)

    def anchors(hashes):
        found = winnow(as_words(hashes), k)
        return found[0].tolist(), found[2].tolist()

    whole = dict(zip(*reversed(anchors(hashes)), strict=True))
    for start in range(len(words) - k + 1):
        (alone,), (place,) = anchors(hashes[start : start + k])
        assert whole[start + place] == alone
    if len(words) < k:
        assert not whole


def test_the_share_of_anchors_in_random_text():
    words = as_words(np.random.default_rng(1).integers(0, 2**64, 200_000, np.uint64))
    assert len(winnow(words, 50)[0]) / 200_000 == pytest.approx(2 / 27, rel=0.02)


def test_case_punctuation_and_line_breaks_do_not_matter():
    documents = documents_of(["Is this, then, the end?", "x y IS THIS\r\n— then the\u2028‘End’ z"])
    assert cut_by_passes(documents, 5) == {(1, word) for word in range(2, 7)}


def test_of_a_word_a_thousand_times_over_k_stay():
    assert cut_by_passes(documents_of(["la " * 1000]), 10) == {(0, word) for word in range(10, 1000)}


def test_nothing_and_short_documents():
    assert cut_by_passes(documents_of([]), 50) == set()
    assert cut_by_passes(documents_of(["", "\x00", "a b c", "a b c"]), 4) == set()


def test_chinese_without_spaces():
    text = "床前明月光疑是地上霜举头望明月低头思故乡"
    assert cut_by_passes(documents_of([f"甲{text}。", f"「{text}」乙"]), 20) == {(1, word) for word in range(20)}


def test_an_anchor_of_another_batch_is_an_error():
    documents = documents_of(["a b c d e f", "a b c d e f"])
    anchors = repeated_anchors(anchor_rows(documents, 5))
    with pytest.raises(ValueError, match="not in the batch"):
        window_rows(part(documents, np.array([0])), anchors, 5)


def test_what_is_cut_from_real_pages_is_what_an_exhaustive_search_finds(shared_data):
    web = shared_data / "web"
    pages = page_texts([web / "web-dev-004.warc.gz", web / "web-dev-recrawl.warc.gz"])
    texts = [text for text in pages if len(text) < 8_000]
    documents = documents_of(texts)
    order = range(len(texts))
    found = cut_by_passes(documents, 50, sizes=[40, 40, 40], buckets=4)
    assert found == cut_by_definition(words_by_document(documents), order, 50)
    assert len(found) > 1000
