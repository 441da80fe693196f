"""Repetition: loops of small models, and items that say the same."""

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.text import words
from datagen.products.summary import Summary

NGRAM = 3


class RepetitionGate(EachSummary):
    """Rejects answers that say a phrase again and again, or an item twice."""

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
        return self.passed(share, bound)
