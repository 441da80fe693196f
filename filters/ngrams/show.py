"""N-grams as people read them: in the item that has them, and in the document that shows them."""

import numpy as np

from filters.ngrams.benchmarks import BenchmarkIndex, words_of_texts
from filters.ngrams.cut import passage, passage_spans, word_spans
from filters.ngrams.match import find_hits


def ngram_text(index: BenchmarkIndex, ngram: int) -> str:
    """The words of an n-gram, as the first item that holds it writes them."""
    text, place = _find(index, int(index.ngrams.items_of(ngram)[0]), ngram)
    ((start, end),) = passage_spans(word_spans(text), [place])
    return " ".join(text[start:end].split())


def item_passage(index: BenchmarkIndex, item: int, ngram: int, context: int) -> str:
    """An n-gram in brackets with some characters of an item that holds it around, on one line."""
    text, place = _find(index, item, ngram)
    return passage(text, word_spans(text), place, context)


def document_passage(index: BenchmarkIndex, text: str, place: tuple[int, int], context: int) -> str:
    """The n-gram ``place[1]`` that was found at the word ``place[0]`` of a document, shown in the same way."""
    word, ngram = place
    return passage(text, word_spans(text), (word, int(index.ngrams.lengths[ngram])), context)


def _find(index: BenchmarkIndex, item: int, ngram: int) -> tuple[str, tuple[int, int]]:
    """The text of an item that holds an n-gram, with its first word there and its length. Raises ValueError."""
    for text in (index.prompts[item].as_py(), index.answers[item].as_py()):
        hits = find_hits(words_of_texts([text]), index.ngrams)
        found = np.flatnonzero(hits.ngram == ngram)
        if len(found):
            return text, (int(hits.word[found[0]]), int(index.ngrams.lengths[ngram]))
    raise ValueError(f"item {item} does not hold the n-gram {ngram}")
