"""N-grams as people read them: in the item that has them, and in the document that shows them."""

import re

import numpy as np

from filters.ngrams.benchmarks import BenchmarkIndex, words_of_texts
from filters.ngrams.match import find_hits

Span = tuple[int, int]
"""First byte of something, and the first behind it."""

_FIRST_WORD = re.compile(r"^\S*\s+(?=\S)")
_LAST_WORD = re.compile(r"(?<=\S)\s+\S*$")
_BYTES = 4
"""Of a character, at most."""


def passage(text: bytes, span: Span, context: int) -> str:
    """A passage of a text (UTF-8) in brackets, with some characters and no cut words around, on one line."""
    start, end = span
    before = text[max(0, start - _BYTES * context) : start].decode(errors="ignore")[-context or start :]
    after = text[end : end + _BYTES * context].decode(errors="ignore")[:context]
    if len(before.encode()) < start:
        before = f"… {_FIRST_WORD.sub('', before)}"
    if end + len(after.encode()) < len(text):
        after = f"{_LAST_WORD.sub('', after)} …"
    return " ".join(f"{before}[{text[start:end].decode()}]{after}".split())


def ngram_text(index: BenchmarkIndex, ngram: int) -> str:
    """The words of an n-gram, as the first item that holds it writes them."""
    text, (start, end), _ = _find(index, int(index.ngrams.items_of(ngram)[0]), ngram, 0)
    return " ".join(text[start:end].decode().split())


def item_part(index: BenchmarkIndex, item: int, ngram: int, words: int, context: int) -> tuple[str, float]:
    """The passage of so many words that begins with an n-gram, at least that one, in brackets, with some context.

    With it goes the share of the item's question, or of its answers if it stands there, that the passage is.
    """
    text, span, share = _find(index, item, ngram, words)
    return passage(text, span, context), share


def document_passage(index: BenchmarkIndex, text: str, place: tuple[int, int], context: int) -> str:
    """The n-gram ``place[1]`` that was found at the word ``place[0]`` of a document, shown in the same way."""
    word, ngram = place
    words = words_of_texts([text])
    span = int(words.start[word]), int(words.end[word + int(index.ngrams.lengths[ngram]) - 1])
    return passage(text.encode(), span, context)


def _find(index: BenchmarkIndex, item: int, ngram: int, least: int) -> tuple[bytes, Span, float]:
    """The text of an item that holds an n-gram, with the place of it, and which share of the text's words it is.

    It is continued to ``least`` words, if there are so many. Raises ValueError.
    """
    for text in (index.prompts[item].as_py(), index.answers[item].as_py()):
        words = words_of_texts([text])
        hits = find_hits(words, index.ngrams)
        found = np.flatnonzero(hits.ngram == ngram)
        if len(found):
            first = int(hits.word[found[0]])
            last = min(first + max(int(index.ngrams.lengths[ngram]), least), len(words.hash)) - 1
            span = int(words.start[first]), int(words.end[last])
            return text.encode(), span, (last + 1 - first) / len(words.hash)
    raise ValueError(f"item {item} does not hold the n-gram {ngram}")
