"""Shingles of plain words, near to what the peers compare: who is found similar depends on what a word is."""

import re

import numpy as np
import pyarrow as pa
import xxhash

from filters.minhash.jaccard import shingle_sets
from filters.minhash.shingles import Shingles, ngrams

WORD = re.compile(r"\w+")


def plain_sets(text: pa.LargeStringArray, ngram: int) -> Shingles:
    """The sets of n-grams of lower-cased runs of letters, digits and underscores: "java.util" is two words."""
    known: dict[str, int] = {}
    documents = []
    for document in text.to_pylist():
        words = WORD.findall(document.lower())
        for word in words:
            if word not in known:
                known[word] = xxhash.xxh3_64_intdigest(word.encode())
        documents.append(np.array([known[word] for word in words], np.uint64))
    offsets = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    return shingle_sets(ngrams(np.concatenate([np.zeros(0, np.uint64), *documents]), offsets, ngram))
