"""Packing loses no token, repeats none, and cuts only what it must; both ways are compared with plain loops."""

import gzip
import json
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.packing.best_fit import best_fit
from filters.packing.concatenate import concatenate_and_split
from filters.packing.cuts import count_cuts
from filters.packing.pieces import Packing
from filters.packing.window import METHODS, pack_window

lengths_lists = st.lists(st.integers(0, 60), max_size=60)
sequence_lengths = st.integers(1, 40)


def sequences(packing: Packing) -> list[list[tuple[int, int, int]]]:
    """Document, offset and length of the pieces of each sequence."""
    rows = list(zip(*(column.tolist() for column in packing.pieces), strict=True))
    return [rows[start:end] for start, end in pairwise(packing.first.tolist())]


def pieces_of(packing: Packing) -> dict[int, list[tuple[int, int]]]:
    """Offset and length of the pieces of each document, in the order of the offsets."""
    found = defaultdict(list)
    for document, offset, length in zip(*(column.tolist() for column in packing.pieces), strict=True):
        found[document].append((offset, length))
    return {document: sorted(pieces) for document, pieces in found.items()}


@given(lengths_lists, sequence_lengths, st.sampled_from(METHODS), st.integers(0, 2**32))
def test_every_token_of_every_document_stands_in_one_sequence(lengths, sequence_length, method, seed):
    chances = np.random.default_rng(seed).integers(0, 2**62, len(lengths), dtype=np.uint64)
    packing = pack_window(np.array(lengths, np.int64), chances, method, sequence_length)
    found = pieces_of(packing)
    assert sorted(found) == [number for number, length in enumerate(lengths) if length]
    for document, pieces in found.items():
        ends = [0, *(offset + length for offset, length in pieces)]
        assert [offset for offset, _ in pieces] == ends[:-1]
        assert ends[-1] == lengths[document]
    filled = [sum(length for _, _, length in pieces) for pieces in sequences(packing)]
    assert filled == packing.lengths().tolist()
    assert all(0 < length <= sequence_length for length in filled)


@given(lengths_lists, sequence_lengths)
def test_best_fit_cuts_only_what_is_longer_than_a_sequence(lengths, sequence_length):
    found = pieces_of(best_fit(np.array(lengths, np.int64), sequence_length))
    for document, pieces in found.items():
        assert len(pieces) == -(-lengths[document] // sequence_length)
        assert all(length == sequence_length for _, length in pieces[:-1])


def plain_best_fit(lengths: list[int], sequence_length: int) -> list[int]:
    """What is in each sequence, when the longest go first into the fullest sequence with room."""
    pieces = [sequence_length] * sum(length // sequence_length for length in lengths)
    pieces += [length % sequence_length for length in lengths if length % sequence_length]
    filled: list[int] = []
    for piece in sorted(pieces, reverse=True):
        fitting = [number for number, tokens in enumerate(filled) if tokens + piece <= sequence_length]
        if fitting:
            filled[max(fitting, key=lambda number: filled[number])] += piece
        else:
            filled.append(piece)
    return sorted(filled)


@given(lengths_lists, sequence_lengths)
def test_best_fit_fills_sequences_as_a_search_through_all_of_them_would(lengths, sequence_length):
    packing = best_fit(np.array(lengths, np.int64), sequence_length)
    assert sorted(packing.lengths().tolist()) == plain_best_fit(lengths, sequence_length)


@given(lengths_lists, sequence_lengths)
def test_concatenation_is_one_row_of_tokens_cut_at_equal_distances(lengths, sequence_length):
    tokens = [(document, place) for document, length in enumerate(lengths) for place in range(length)]
    expected = [tokens[start : start + sequence_length] for start in range(0, len(tokens), sequence_length)]
    packing = concatenate_and_split(np.array(lengths, np.int64), sequence_length)
    found = [
        [(document, offset + place) for document, offset, length in pieces for place in range(length)]
        for pieces in sequences(packing)
    ]
    assert found == expected


@given(lengths_lists, sequence_lengths, st.integers(0, 2**32))
def test_reordering_keeps_every_sequence(lengths, sequence_length, seed):
    packing = best_fit(np.array(lengths, np.int64), sequence_length)
    order = np.random.default_rng(seed).permutation(packing.sequences)
    assert sequences(packing.reordered(order)) == [sequences(packing)[place] for place in order.tolist()]


@pytest.fixture(scope="module")
def code_lengths(shared_data: Path) -> np.ndarray:
    """About the tokens of real files of code: a byte in four."""
    paths = sorted((shared_data / "code").glob("*.jsonl.gz"))
    files = (json.loads(line) for path in paths for line in gzip.decompress(path.read_bytes()).split(b"\n") if line)
    return np.array([len(file["content"].encode()) // 4 + 1 for file in files if file.get("content")], np.int64)


@pytest.mark.parametrize("sequence_length", [2048, 4096, 8192, 32768])
def test_real_files_are_cut_only_if_they_are_longer_than_a_sequence(code_lengths, sequence_length):
    chances = np.arange(len(code_lengths), dtype=np.uint64)
    fit, concatenated = (
        count_cuts(code_lengths, pack_window(code_lengths, chances, method, sequence_length), sequence_length)
        for method in METHODS
    )
    assert 10 * fit.cut_though_fitting < concatenated.cut_though_fitting
    assert fit.cut_though_fitting == 0
    assert fit.tokens == code_lengths.sum()
    assert fit.padding_rate < 0.01


@pytest.mark.parametrize("sequence_length", [2048, 4096, 8192, 32768])
def test_on_lengths_as_of_web_pages_little_is_cut_and_padded(sequence_length):
    lengths = np.maximum(1, np.random.default_rng(7).lognormal(6.3, 1.1, 100_000)).astype(np.int64)
    chances = np.arange(len(lengths), dtype=np.uint64)
    fit, concatenated = (
        count_cuts(lengths, pack_window(lengths, chances, method, sequence_length), sequence_length)
        for method in METHODS
    )
    assert fit.cut_though_fitting == 0
    assert fit.cut == fit.longer == concatenated.longer
    assert concatenated.cut_though_fitting > 1000
    assert fit.tokens == concatenated.tokens == lengths.sum()
    assert fit.padding_rate < 0.001


def test_sequences_of_best_fit_are_shuffled():
    lengths = np.sort(np.random.default_rng(3).integers(1, 500, 5000))[::-1].astype(np.int64)
    chances = np.random.default_rng(4).integers(0, 2**62, len(lengths), dtype=np.uint64)
    assert abs(trend(pack_window(lengths, chances, "best-fit", 512))) < 0.05
    assert trend(best_fit(lengths, 512)) < -0.9


def trend(packing: Packing) -> float:
    """How the longest piece of a sequence goes with its place."""
    longest = np.maximum.reduceat(packing.pieces.length, packing.first[:-1])
    return float(np.corrcoef(longest, np.arange(packing.sequences))[0, 1])
