"""N-grams of benchmarks in the order of their hashes, made so that a look-up touches two places in memory."""

from dataclasses import dataclass

import numpy as np

from filters.ngrams.hashing import sequence_hashes
from filters.ngrams.select import Sequences

FILTER_BITS_PER_PREFIX = 16
"""At least; each prefix sets two bits of one word, so that under one other prefix in fifty passes the filter."""


@dataclass(frozen=True)
class NgramIndex:
    """The n-grams, numbered in the order of their hashes, and the items that hold each.

    Every array may lie in a memory-mapped file. An item's number is its place in the file's table of items.
    """

    hashes: np.ndarray
    """uint64[ngrams], sorted."""
    lengths: np.ndarray
    """uint8[ngrams]: words of each n-gram."""
    directory: np.ndarray
    """uint32[2^k + 1]: where the hashes begin whose highest k bits are at least a number."""
    prefixes: np.ndarray
    """uint64[prefixes], sorted: the hashes of the first four words of all n-grams."""
    prefix_lengths: np.ndarray
    """uint64[prefixes]: bit n is set where an n-gram of n words begins so."""
    prefix_directory: np.ndarray
    """uint32[2^k + 1]: as ``directory``, of the prefixes."""
    filter: np.ndarray
    """uint64[2^j]: in the word that the highest j bits of a prefix name, the bits that its lowest 12 bits name."""
    item_offsets: np.ndarray
    """int64[ngrams + 1]: where the items of each n-gram begin in ``items``."""
    items: np.ndarray
    """uint32: the numbers of the items that hold an n-gram, ascending."""
    item_benchmarks: np.ndarray
    """uint32[items]: the benchmark of each item, by its place in the index's metadata."""

    @property
    def ngrams(self) -> int:
        """Number of distinct n-grams."""
        return len(self.hashes)

    def items_of(self, ngram: int) -> np.ndarray:
        """uint32: the items that hold an n-gram."""
        return self.items[self.item_offsets[ngram] : self.item_offsets[ngram + 1]]

    def benchmark_ngrams(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Every n-gram of every benchmark: (ngram, benchmark, its items that hold it), int64 each, by n-gram."""
        ngram = np.repeat(np.arange(self.ngrams), np.diff(self.item_offsets))
        benchmark = self.item_benchmarks[self.items].astype(np.int64)
        benchmarks = int(self.item_benchmarks.max(initial=0)) + 1
        pairs, items = np.unique(ngram * benchmarks + benchmark, return_counts=True)
        return pairs // benchmarks, pairs % benchmarks, items


def build_index(words: np.ndarray, sequences: Sequences, items: np.ndarray, item_benchmarks: np.ndarray) -> NgramIndex:
    """The index of sequences over ``words`` (uint64); ``items`` (int64) is the item of each sequence."""
    hashes, prefixes = sequence_hashes(words, sequences.start, sequences.length)
    distinct, first, ngram = np.unique(hashes, return_index=True, return_inverse=True)
    item_count = max(1, len(item_benchmarks))
    pairs = np.unique(ngram * item_count + items)
    distinct_prefixes, prefix_lengths = _lengths_by_prefix(prefixes, sequences.length)
    return NgramIndex(
        hashes=distinct,
        lengths=sequences.length[first].astype(np.uint8),
        directory=_directory(distinct),
        prefixes=distinct_prefixes,
        prefix_lengths=prefix_lengths,
        prefix_directory=_directory(distinct_prefixes),
        filter=_filter(distinct_prefixes),
        item_offsets=np.searchsorted(pairs, np.arange(len(distinct) + 1) * item_count).astype(np.int64),
        items=(pairs % item_count).astype(np.uint32),
        item_benchmarks=item_benchmarks.astype(np.uint32),
    )


def _lengths_by_prefix(prefixes: np.ndarray, lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The distinct prefixes, and for each a bit for every length of its sequences."""
    distinct, number = np.unique(prefixes, return_inverse=True)
    bits = np.zeros(len(distinct), np.uint64)
    for length in np.unique(lengths):
        bits[number[lengths == length]] |= np.uint64(1) << np.uint64(length)
    return distinct, bits


def _directory(hashes: np.ndarray) -> np.ndarray:
    """As many places as there are hashes, or up to twice as many: about one hash in each."""
    bits = max(1, (len(hashes) - 1).bit_length())
    borders = np.arange(1 << bits, dtype=np.uint64) << np.uint64(64 - bits)
    return np.append(np.searchsorted(hashes, borders), len(hashes)).astype(np.uint32)


def _filter(prefixes: np.ndarray) -> np.ndarray:
    bits = max(1, (FILTER_BITS_PER_PREFIX * len(prefixes) // 64).bit_length())
    words = np.zeros(1 << bits, np.uint64)
    both = np.uint64(1) << (prefixes & np.uint64(63)) | np.uint64(1) << ((prefixes >> np.uint64(6)) & np.uint64(63))
    np.bitwise_or.at(words, (prefixes >> np.uint64(64 - bits)).astype(np.int64), both)
    return words
