"""Numbers in their places: of all numbers of the payload, the summary's must be one that suits what is said."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import clauses, is_content
from datagen.gates.grounding.english import English
from datagen.gates.grounding.evidence import Evidence, evidence, stem
from datagen.gates.grounding.quantities import Quantity, quantities
from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary

UNIT = re.compile(r"\s*-?\s*([%A-Za-z]+)")
UNIT_LETTERS = 4
UNIT_WEIGHT = 4.0
"""Of the same word after a number, or the same sign before it; other words weigh as their rarity in the payload."""


@dataclass(frozen=True)
class Place:
    """Where a payload states a number."""

    kind: str
    value: float
    units: frozenset[str]
    stems: frozenset[str]
    """Of the words of its sentence."""


class NumberContextGate(EachSummary):
    """Rejects summaries with a number in whose place another one of the payload belongs. English only."""

    name = "number_context"

    def __init__(self, english: English, max_doubt: float) -> None:
        self._english, self._max_doubt = english, max_doubt

    def verdict(self, sample: Summary) -> Verdict:
        """The score is how much better another number of the same kind suits the clause, in weights of words."""
        bound = f"<= {self._max_doubt:g}"
        stated = _counted(sample.text)
        if not stated or language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0.0, bound)
        payload = evidence(self._english.payload(sample.payload))
        found = list(_better(stated, self._english.read(sample.text), payload))
        score, detail = max(found, default=(0.0, ""))
        if score > self._max_doubt:
            return self.failed(score, bound, "another_number_belongs_there", detail)
        return self.passed(score, bound)


def _counted(text: str) -> list[Quantity]:
    """The quantities of a text without "one", which is seldom a count."""
    return [quantity for quantity in quantities(text) if quantity.text.lower() != "one"]


def _better(stated: Sequence[Quantity], doc: Doc, payload: Evidence) -> Iterator[tuple[float, str]]:
    """Of each number that has its like in the payload: how much better the best other one suits, and both."""
    places = [
        Place(quantity.kind, quantity.value, _units(sentence.span.text, quantity), sentence.stems)
        for sentence in payload.sentences
        for quantity in _counted(sentence.span.text)
    ]
    here = {(quantity.kind, quantity.value) for quantity in stated}
    for quantity in stated:
        units, words = _units(doc.text, quantity), _words_about(quantity, doc)

        def fit(place: Place, units: frozenset[str] = units, words: frozenset[str] = words) -> float:
            told = sum(payload.weight[word] for word in words & place.stems)
            return told + UNIT_WEIGHT * len(units & place.units)

        own = [p for p in places if (p.kind, p.value) == (quantity.kind, quantity.value)]
        others = [p for p in places if p.kind == quantity.kind and (p.kind, p.value) not in here]
        if own and others:
            best = max(others, key=fit)
            yield max(0.0, fit(best) - max(map(fit, own))), f"{quantity.text}, not {best.value:g}"


def _words_about(quantity: Quantity, doc: Doc) -> frozenset[str]:
    """The stems of the clause that a number stands in."""
    at = next((token.i for token in doc if token.idx <= quantity.start < token.idx + len(token)), None)
    clause = next((c for c in clauses(doc) if any(token.i == at for token in c.tokens)), None)
    tokens = clause.tokens if clause is not None else doc
    return frozenset(stem(token) for token in tokens if is_content(token) and token.pos_ != "NUM")


def _units(text: str, quantity: Quantity) -> frozenset[str]:
    """What a number counts, roughly: the beginning of the word after it, and a sign before it."""
    after, before = UNIT.match(text[quantity.end :]), text[: quantity.start].rstrip()[-1:]
    found = {after[1].lower()[:UNIT_LETTERS].rstrip("s")} if after else set()
    return frozenset(found | ({before} if before in ("$", "€", "£", "#") else set()))
