"""Passages of a text by their words: where they stand, and what is left without them."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
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


def word_spans(text: str) -> list[Span]:
    """The characters of every word of a text, in order: those of `filters.lexing.hashed_words`."""
    words = words_of(pa.array([text], pa.large_string()))
    is_first = (np.frombuffer(text.encode(), np.uint8) & 0xC0) != 0x80  # of the bytes of a character
    characters = np.concatenate(([0], np.cumsum(is_first)))
    return list(zip(characters[words.start].tolist(), characters[words.end].tolist(), strict=True))


def passage_spans(words: Sequence[Span], passages: Iterable[tuple[int, int]]) -> list[Span]:
    """The characters of passages given as (first word, number of words); those that touch are one. Sorted."""
    merged: list[Span] = []
    for first, count in sorted(passages):
        start, end = words[first][0], words[first + count - 1][1]
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


def passage(text: str, words: Sequence[Span], place: tuple[int, int], context: int) -> str:
    """One passage (first word, number of words) of a text with some words around, on one line, for people to read."""
    ((start, end),) = passage_spans(words, [place])
    first, last = _word_start(words, start - context), _word_end(words, end + context)
    before, after = "… " if first else "", " …" if last < len(text) else ""
    return " ".join(f"{before}{text[first:start]}[{text[start:end]}]{text[end:last]}{after}".split())


def _word_start(words: Sequence[Span], position: int) -> int:
    """``position``, or the start of the word that it lies in."""
    if position <= 0:
        return 0
    before = bisect_left(words, (position, 0)) - 1
    return words[before][0] if before >= 0 and words[before][1] > position else position


def _word_end(words: Sequence[Span], position: int) -> int:
    """``position``, or the end of the word that it lies in."""
    before = bisect_right(words, (position, 0)) - 1
    return max(position, words[before][1]) if before >= 0 and words[before][0] < position else position
