"""Hits of n-grams as passages: how much of a document they cover, and how much of an item they show."""

from dataclasses import dataclass

import numpy as np

from filters.ngrams.collisions import hit_items
from filters.ngrams.index import NgramIndex
from filters.ngrams.match import Hits

_SPREAD = 1 << 40
"""More than the words of any document."""


@dataclass(frozen=True)
class Measures:
    """What hits mean for some documents: ``ngrams`` distinct ones, ``longest`` words without a gap.

    Both are int64[documents].
    """

    ngrams: np.ndarray
    longest: np.ndarray


@dataclass(frozen=True)
class ItemMatches:
    """The items that documents hold n-grams of, by document and item; int64[matches] each."""

    document: np.ndarray
    item: np.ndarray
    ngrams: np.ndarray
    """Distinct n-grams of the item in the document."""
    first: np.ndarray
    """The hit (its position) with which the longest passage begins."""
    last: np.ndarray
    """The hit that it ends with: its n-grams, of one length, begin word after word."""

    def __len__(self) -> int:
        return len(self.document)


def measure(hits: Hits, index: NgramIndex, documents: int) -> Measures:
    """The measures of all documents; ``hits`` in the order in which `find_hits` gives them."""
    longest = np.zeros(documents, np.int64)
    if not len(hits):
        return Measures(np.zeros(documents, np.int64), longest)
    pairs = np.unique(hits.document * index.ngrams + hits.ngram)
    # Places in all documents one after the other, far apart: a passage ends where the next hit begins behind its end.
    start = hits.document * _SPREAD + hits.word
    end = np.maximum.accumulate(start + index.lengths[hits.ngram])
    first = np.flatnonzero(np.concatenate(([True], start[1:] > end[:-1])))
    last = np.append(first[1:], len(start)) - 1
    np.maximum.at(longest, hits.document[first], end[last] - start[first])
    return Measures(np.bincount(pairs // index.ngrams, minlength=documents), longest)


def item_matches(hits: Hits, index: NgramIndex) -> ItemMatches:
    """Every pair of a document and an item that share an n-gram."""
    hit, item = hit_items(hits, index)
    if not len(hit):
        nothing = np.empty(0, np.int64)
        return ItemMatches(nothing, nothing, nothing, nothing, nothing)
    order = np.lexsort((hits.word[hit], index.lengths[hits.ngram[hit]], item, hits.document[hit]))
    hit, item = hit[order], item[order]
    document, word, ngram = hits.document[hit], hits.word[hit], hits.ngram[hit]
    is_match = _changes(document) | _changes(item)
    is_run = is_match | _changes(index.lengths[ngram]) | np.concatenate(([True], np.diff(word) > 1))
    match, first = np.cumsum(is_match) - 1, np.flatnonzero(is_run)
    last = np.append(first[1:], len(hit)) - 1
    best = first_largest(match[first], word[last] + index.lengths[ngram[last]] - word[first])
    distinct = np.unique(match * index.ngrams + ngram) // index.ngrams
    return ItemMatches(document[is_match], item[is_match], np.bincount(distinct), hit[first[best]], hit[last[best]])


def _changes(values: np.ndarray) -> np.ndarray:
    """bool[values]: another one than before."""
    return np.concatenate(([True], values[1:] != values[:-1]))


def first_largest(group: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Of each group (int64), by its number, the position of its largest value, the first of several."""
    order = np.lexsort((np.arange(len(values)), -values, group))
    return order[np.unique(group[order], return_index=True)[1]]
