"""Repetition: loops of small models, and items that say the same."""

from collections.abc import Iterable, Sequence

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.text import words
from datagen.products.summary import Summary

NGRAM = 3


class RepetitionGate(EachSummary):
    """Rejects answers that say a phrase again and again, an item twice, or two words and more twice in a row."""

    name = "repetition"

    def __init__(self, max_share: float) -> None:
        self._max_share = max_share

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the share of word triples that came before."""
        said = [word.lower() for word in words(sample.text)]
        triples = [tuple(said[at : at + NGRAM]) for at in range(len(said) - NGRAM + 1)]
        share = 1 - len(set(triples)) / len(triples) if triples else 0.0
        bound = f"<= {self._max_share:g} of the word triples"
        items = [tuple(word.lower() for word in words(text)) for text in sample.answer.texts()]
        if len(set(items)) < len(items):
            return self.failed(share, "no item twice", "item_twice")
        if share > self._max_share:
            return self.failed(share, bound, "repeats_itself")
        if len(said) >= NGRAM and len(set(said)) == 1:
            return self.failed(1.0, bound, "repeats_itself", said[0])
        doubled = _doubled(said)
        if doubled and not _has_run((word.lower() for word in words(sample.source)), (*doubled, *doubled)):
            return self.failed(share, "no phrase twice in a row", "phrase_doubled", " ".join(doubled))
        return self.passed(share, bound)


def _doubled(said: Sequence[str]) -> tuple[str, ...]:
    """The first phrase of at least two words that is said twice in a row, such as "Premier League"; or nothing."""
    for at in range(len(said)):
        for size in range(2, (len(said) - at) // 2 + 1):
            if said[at : at + size] == said[at + size : at + 2 * size]:
                return tuple(said[at : at + size])
    return ()


def _has_run(there: Iterable[str], run: tuple[str, ...]) -> bool:
    return f" {' '.join(run)} " in f" {' '.join(there)} "
