"""A batch of texts as words."""

import threading
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.lexing.chunks import split_chunks
from filters.lexing.vocabulary import Splitter, Vocabulary, gather
from schemas.lexers import Lexer

__all__ = ["Lexer", "Words", "lex"]

MAX_CHUNKS = 200_000
"""Distinct chunks after which a vocabulary is begun anew: about 60 MB a process and lexer."""

_vocabularies: dict[Lexer, Vocabulary] = {}
_lock = threading.Lock()


@dataclass(frozen=True)
class Words:
    """The words of some documents, one after the other.

    ``ids`` (int32[words]) index the arrays of ``vocabulary``; the words of document d are
    ``ids[offsets[d]:offsets[d + 1]]`` (int64[documents + 1]).
    """

    ids: np.ndarray
    offsets: np.ndarray
    vocabulary: Vocabulary

    @property
    def per_document(self) -> np.ndarray:
        """int64[documents]: number of words in each document."""
        return np.diff(self.offsets)


def lex(text: pa.LargeStringArray, lexer: Lexer) -> Words:
    """The words of every text, without white space and without empty words.

    All lexers treat a chunk of characters between white space alike wherever it stands, so only chunks that this
    process has not met are split; the rest is arithmetic.
    """
    chunks, document_offsets = split_chunks(text, narrow_space_splits=lexer != "uax29")
    chunks = chunks.dictionary_encode()
    with _lock:
        vocabulary = _vocabulary(lexer)
        words, ends = vocabulary.words_of(chunks.dictionary.to_pylist())
    starts = np.concatenate(([0], ends))
    counts = np.diff(starts)
    order = chunks.indices.to_numpy()
    ids = gather(words, starts[order], counts[order])
    offsets = np.concatenate(([0], np.cumsum(counts[order])))[document_offsets]
    return Words(ids, offsets, vocabulary)


def _vocabulary(lexer: Lexer) -> Vocabulary:
    vocabulary = _vocabularies.get(lexer)
    if vocabulary is None or vocabulary.chunks > MAX_CHUNKS:
        vocabulary = _vocabularies[lexer] = Vocabulary(_splitter(lexer))
    return vocabulary


def _splitter(lexer: Lexer) -> Splitter:
    """The splitter of a lexer; imported when it is first used, since spaCy takes a second."""
    if lexer == "whitespace":
        return lambda chunks: ([chunk] for chunk in chunks)
    if lexer == "uax29":
        from filters.lexing.unicode_words import UnicodeSplitter  # noqa: PLC0415

        return UnicodeSplitter()
    if lexer == "spacy-en":
        from filters.lexing.english_words import EnglishSplitter  # noqa: PLC0415

        return EnglishSplitter()
    from filters.lexing.spacy_words import SpacySplitter  # noqa: PLC0415

    return SpacySplitter(lexer.removeprefix("spacy-"))
