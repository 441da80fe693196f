"""How many documents hold each n-gram, and which documents are contaminated.

Counts of batches and shards add up, so a corpus has the same counts however it is cut.
"""

import numpy as np

from filters.lexing.vocabulary import gather
from filters.ngrams.index import NgramIndex
from filters.ngrams.match import Hits


def count_documents(hits: Hits) -> tuple[np.ndarray, np.ndarray]:
    """The n-grams that were found (int64, ascending), and how many documents hold each (int64).

    A document counts once for an n-gram, however often it repeats it: a page that says one thing a thousand times
    does not make it common usage.
    """
    if not len(hits):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    ngrams = int(hits.ngram.max()) + 1
    pairs = np.unique(hits.document * ngrams + hits.ngram)
    return np.unique(pairs % ngrams, return_counts=True)


def common_ngrams(counts: np.ndarray, common_usage: int) -> np.ndarray:
    """bool[ngrams]: so many documents of the corpus hold it (``counts``, int64[ngrams]) that it is no evidence."""
    return counts >= common_usage


def evidence(hits: Hits, is_common: np.ndarray) -> Hits:
    """The hits whose n-gram is not common usage (``is_common``, bool[ngrams])."""
    return hits.select(~is_common[hits.ngram])


def contaminated(hits: Hits, documents: int) -> np.ndarray:
    """bool[documents]: some hit lies in it."""
    found = np.zeros(documents, np.bool_)
    found[hits.document] = True
    return found


def hit_items(hits: Hits, index: NgramIndex) -> tuple[np.ndarray, np.ndarray]:
    """Every item that a hit belongs to: (position of the hit int64, item int64), in the order of hits."""
    starts = index.item_offsets[hits.ngram]
    counts = index.item_offsets[hits.ngram + 1] - starts
    return np.repeat(np.arange(len(hits)), counts), gather(index.items, starts, counts).astype(np.int64)


def documents_by_benchmark(hits: Hits, index: NgramIndex, benchmarks: int) -> np.ndarray:
    """int64[benchmarks]: documents in which some hit belongs to each; one document may count for several."""
    hit, item = hit_items(hits, index)
    pairs = np.unique(hits.document[hit] * benchmarks + index.item_benchmarks[item].astype(np.int64))
    return np.bincount(pairs % benchmarks, minlength=benchmarks)
