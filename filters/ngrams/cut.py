"""Passages of a text by their words, and what is left of it without them."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from filters.lexing.hashed_words import words_of

Span = tuple[int, int]
"""First character of something, and the first behind it."""


@dataclass(frozen=True)
class Cutting:
    """How much goes with a passage; as `schemas.recipe.decontaminate.Decontaminate` says it."""

    context: int
    min_piece: int
    max_pieces: int


@dataclass(frozen=True)
class WordSpans:
    """The words of a text, in order: first character of each, and the first behind it (int64[words])."""

    start: np.ndarray
    end: np.ndarray

    def __len__(self) -> int:
        return len(self.start)


def word_spans(text: str) -> WordSpans:
    """The characters of every word of a text, those of `filters.lexing.hashed_words`."""
    words = words_of(pa.array([text], pa.large_string()))
    if text.isascii():
        return WordSpans(words.start, words.end)
    is_first = (np.frombuffer(text.encode(), np.uint8) & 0xC0) != 0x80  # of the bytes of a character
    characters = np.concatenate(([0], np.cumsum(is_first)))
    return WordSpans(characters[words.start], characters[words.end])


def passage_spans(words: WordSpans, passages: Iterable[tuple[int, int]]) -> list[Span]:
    """The characters of passages given as (first word, number of words); those that touch are one. Sorted."""
    merged: list[Span] = []
    for first, count in sorted(passages):
        start, end = int(words.start[first]), int(words.end[first + count - 1])
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def cut_passages(text: str, passages: Iterable[tuple[int, int]], cutting: Cutting) -> str | None:
    """The text without passages (first word, number of words) and their context; None if too little is left.

    No word is cut in two. What is left between cuts is joined by an empty line, without pieces shorter than
    ``min_piece``; a text of more than ``max_pieces`` pieces is gone as a whole (GPT-3, arXiv 2005.14165, appendix C).
    """
    words = word_spans(text)
    pieces, position = [], 0
    for start, end in passage_spans(words, passages):
        pieces.append(text[position : _word_start(words, start - cutting.context)])
        position = max(position, _word_end(words, end + cutting.context))
    pieces.append(text[position:])
    pieces = [piece.strip() for piece in pieces if len(piece.strip()) >= cutting.min_piece]
    return "\n\n".join(pieces) if 0 < len(pieces) <= cutting.max_pieces else None


def _word_start(words: WordSpans, position: int) -> int:
    """``position``, or the start of the word that it lies in."""
    if position <= 0:
        return 0
    before = int(np.searchsorted(words.start, position)) - 1
    return int(words.start[before]) if before >= 0 and words.end[before] > position else position


def _word_end(words: WordSpans, position: int) -> int:
    """``position``, or the end of the word that it lies in."""
    before = int(np.searchsorted(words.start, position)) - 1
    return max(position, int(words.end[before])) if before >= 0 else position
