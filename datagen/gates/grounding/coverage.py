"""Coverage: whether a summary says what the payload says most about."""

import math
from collections.abc import Mapping, Sequence

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import is_content
from datagen.gates.grounding.english import English, Said, tells_in_english
from datagen.gates.grounding.evidence import stem
from datagen.gates.grounding.support import GENERAL
from datagen.products.summary import Summary

SALIENT = 12
"""Words that a payload is taken to be about."""


class CoverageGate(EachSummary):
    """Rejects summaries with too few words of what the payload is about. English only; others and replies pass."""

    name = "coverage"

    def __init__(self, english: English, min_share: float, min_share_of_title: float) -> None:
        self._english, self._min_share, self._min_share_of_title = english, min_share, min_share_of_title

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the share of the salient words, by weight, of as many as the summary has words; 0 to 1."""
        least = self._min_share_of_title if sample.product.form == "title" else self._min_share
        bound = f">= {least:g} of the salient words that there is room for"
        if not tells_in_english(sample):
            return self.passed(1.0, bound)
        weights = salience(self._english.payload(sample.payload))
        said = {stem(token) for token in self._english.read(sample.text) if token.is_alpha and not token.is_stop}
        share = covered(weights, said)
        if share < least:
            missing = [word for word in weights if word not in said]
            return self.failed(share, bound, "misses_the_point", ", ".join(missing[:5]))
        return self.passed(share, bound)


def salience(said: Sequence[Said]) -> Mapping[str, float]:
    """The stems that a payload is about, the heaviest first: in how many sentences they stand, the first ones more."""
    weights: dict[str, float] = {}
    sentences = [sentence for part in said for sentence in part.doc.sents]
    for place, sentence in enumerate(sentences):
        stems = {stem(token) for token in sentence if is_content(token) and token.lemma_.lower() not in GENERAL}
        for word in sorted(stems):
            weights[word] = weights.get(word, 0.0) + 1 + 1 / (1 + place)
    heaviest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:SALIENT]
    return {word: math.sqrt(weight) for word, weight in heaviest}


def covered(weights: Mapping[str, float], said: set[str]) -> float:
    """The weight of the salient stems that are said, of the most that so many stems could have; 1 without any."""
    room = sum(sorted(weights.values(), reverse=True)[: max(1, len(said))])
    return sum(weight for word, weight in weights.items() if word in said) / room if room else 1.0
