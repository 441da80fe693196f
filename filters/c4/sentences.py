"""Counts the sentences of documents, as far as a rule needs to know."""

from collections.abc import Callable
from typing import Literal

import numpy as np
import pyarrow as pa

from filters.c4.punkt import count_sentences, english
from filters.c4.sentencizer import count_sentencizer_sentences
from filters.lexing.lines import Lines

CountSentences = Callable[[pa.LargeStringArray], np.ndarray]
"""The number of sentences in each line (int64[lines])."""


def sentences_per_document(lines: Lines, count: CountSentences, limit: int) -> np.ndarray:
    """The sentences in the lines of each document, counted one line at a time, at most ``limit`` (int32[documents]).

    A line is one sentence at least, so only documents with fewer lines than ``limit`` have theirs split.
    """
    few = lines.per_document < limit
    split = np.repeat(few, lines.per_document)
    sentences = np.ones(len(lines.text), dtype=np.int64)
    sentences[split] = np.maximum(count(lines.text.filter(pa.array(split))), 1)
    total = np.concatenate(([0], np.cumsum(sentences)))
    return np.minimum(np.diff(total[lines.offsets]), limit).astype(np.int32)


def sentence_counter(splitter: Literal["punkt", "spacy"]) -> CountSentences:
    """The splitter of that name, for English."""
    if splitter == "spacy":
        return count_sentencizer_sentences
    model = english()
    return lambda lines: np.array([count_sentences(line, model) for line in lines.to_pylist()], dtype=np.int64)
