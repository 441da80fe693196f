"""What batches decide alone changes no result, and bounds what buckets are given."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from filters.repeats.combine import combined_anchors, combined_lines, combined_windows
from filters.repeats.documents import FIRST
from filters.repeats.lines import RANGES, line_rows, repeated_lines
from filters.repeats.substrings import (
    ANCHORS,
    WORD_RANGES,
    anchor_rows,
    passages,
    repeated_anchors,
    repeated_windows,
    window_rows,
)
from tests.support.corpora import batches_of, documents_of, exchange, reduced

LINES = st.lists(st.lists(st.sampled_from(["aa", "bb", "AA bb", "cc"]), max_size=5).map("\n".join), max_size=8)
WORDS = st.lists(st.lists(st.sampled_from("abc"), max_size=25).map(" ".join), max_size=8)
SIZES = st.lists(st.integers(1, 4), max_size=4)


def some_documents(texts, seed):
    """In an order of no meaning, some of an earlier corpus, in two scopes."""
    generator = np.random.default_rng(seed)
    documents = documents_of(texts, generator.permutation(len(texts)).tolist())
    first = np.where(generator.random(len(texts)) < 0.2, FIRST, documents.order[0])
    order = (first, np.arange(len(texts), dtype=np.uint64))
    return replace(documents, scope=generator.integers(0, 2, len(texts), np.uint64), order=order)


def joined(batches, schema):
    return pa.Table.from_batches(batches, schema).combine_chunks().to_pylist()


@given(texts=LINES, sizes=SIZES, buckets=st.integers(1, 3), max_copies=st.integers(1, 3), seed=st.integers(0, 99))
def test_lines_are_the_same_with_and_without(texts, sizes, buckets, max_copies, seed):
    documents = some_documents(texts, seed)
    whole = repeated_lines(line_rows(documents, "line", 1), max_copies, 9)
    rests, known = [], []
    for batch in batches_of(documents, sizes):
        rows, removed = combined_lines(line_rows(batch, "line", 1), max_copies)
        rests.append(rows)
        known.append(removed)
    found = [repeated_lines(bucket, max_copies, 9) for bucket in exchange(rests, "hash", buckets, seed)]
    ranges = joined([*known, *(each.removed for each in found)], RANGES)
    assert sorted(ranges, key=str) == sorted(whole.removed.to_pylist(), key=str)
    tops = [row for each in found for row in each.top.to_pylist()]
    assert sorted(tops, key=str) == sorted(whole.top.to_pylist(), key=str)
    assert sum(each.lines for each in found) == whole.lines
    assert sum(row["removed"] for row in tops) == len(ranges)
    kept_first = {node for node, first in zip(documents.node, documents.order[0], strict=True) if first == FIRST}
    assert not kept_first & {row["node"] for row in ranges}


@given(texts=WORDS, sizes=SIZES, buckets=st.integers(1, 3), seed=st.integers(0, 99), k=st.integers(2, 6))
def test_passages_are_the_same_with_and_without(texts, sizes, buckets, seed, k):
    documents = some_documents(texts, seed)
    whole = repeated_windows(window_rows(documents, repeated_anchors(anchor_rows(documents, k)), k), k)
    batches = batches_of(documents, sizes)
    rests, known_anchors = zip(*(combined_anchors(anchor_rows(batch, k)) for batch in batches), strict=True)
    back = reduced(exchange(rests, "hash", buckets, seed), repeated_anchors)
    anchors = pa.Table.from_batches([*known_anchors, back], ANCHORS).combine_chunks()
    rows, known = [], []
    for batch in batches:
        mine = anchors.filter(pa.array(np.isin(anchors["node"].to_numpy(), batch.node))).to_batches()
        rest, removed = combined_windows(window_rows(batch, mine[0], k) if mine else window_rows_of_none(batch, k), k)
        rows.append(rest)
        known.append(removed)
    found = reduced(exchange(rows, "high", buckets, seed), lambda bucket: repeated_windows(bucket, k))
    every = pa.Table.from_batches([*known, found], WORD_RANGES)
    merged = passages(*(every[name].to_numpy() for name in WORD_RANGES.names))
    assert merged.to_pylist() == whole.to_pylist()


def window_rows_of_none(documents, k):
    return window_rows(documents, pa.RecordBatch.from_pylist([], ANCHORS), k)


def test_of_what_every_document_has_a_bucket_gets_little():
    documents = documents_of([f"all rights are reserved here\nw{i}" for i in range(1_000)])
    rows, removed = combined_lines(line_rows(documents, "line", 2), max_copies=3)
    assert (rows.num_rows, removed.num_rows) == (3, 997)
    rows, anchors = combined_anchors(anchor_rows(documents, 4))
    assert max(Counter(rows["hash"].to_pylist()).values()) == 2
    assert rows.num_rows + anchors.num_rows == anchor_rows(documents, 4).num_rows
    windows = window_rows(documents, repeated_anchors(anchor_rows(documents, 4)), 4)
    rows, removed = combined_windows(windows, 4)
    assert (windows.num_rows, rows.num_rows) == (3_000, 1_002)  # a run that ends in the number occurs once
    assert removed.num_rows == 999


def test_documents_of_two_scopes_have_nothing_in_common():
    text = "one two three four five six"
    documents = replace(documents_of([text, text]), scope=np.array([1, 2], np.uint64))
    assert not repeated_lines(line_rows(documents, "line", 2), 1, 3).removed.num_rows
    assert not repeated_anchors(anchor_rows(documents, 4)).num_rows
    everything = pa.RecordBatch.from_pylist([{"node": int(n), "position": 1} for n in documents.node], ANCHORS)
    assert not repeated_windows(window_rows(documents, everything, 4), 4).num_rows
