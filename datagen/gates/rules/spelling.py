"""Spelling: a word that neither the payload nor the dictionary has was garbled by the teacher."""

from collections.abc import Iterator

from spacy.tokens import Token

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.courtesy import COURTESY
from datagen.gates.grounding.english import English
from datagen.gates.grounding.names import NOT_NAMES
from datagen.gates.grounding.quantities import ANY_MONTH, DAY
from datagen.gates.rules.language import language_of
from datagen.gates.text import words
from datagen.payloads.people import known_first_names
from datagen.products.summary import Summary

SHORTEST = 4
"""Letters of a word that is looked up: shorter ones are mostly abbreviations."""
PREFIXES = ("un", "re", "non", "pre", "mis", "dis", "over", "out", "under", "sub", "anti", "co", "inter", "multi")
SUFFIXES = ("ly", "er", "ers", "ed", "ing", "s", "es", "ness", "able", "less", "ful", "wise", "ism", "ist", "d")


class SpellingGate(EachSummary):
    """Rejects answers with a word that neither the payload nor the dictionary has, such as "Treasy". English only.

    The dictionary is what the pipeline's lemmatizer has; with another lemmatizer all pass. Names are for `NamesGate`,
    but for words in capitals throughout, which may be anything.
    """

    name = "spelling"

    def __init__(self, english: English) -> None:
        self._english = english

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of such words."""
        bound = "0 words that neither payload nor dictionary has"
        if not self._english.vocabulary or language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0, bound)
        there = {word.lower() for word in words(sample.source)}
        relatives = {word[:SHORTEST] for word in there}
        found = [
            token.text
            for token in self._english.read(sample.text)
            if _is_looked_up(token) and token.lower_[:SHORTEST] not in relatives and not self._knows(token)
        ]
        return self.failed(len(found), bound, "unknown_word", found[0]) if found else self.passed(0, bound)

    def _knows(self, token: Token) -> bool:
        return not self._english.vocabulary.isdisjoint(_forms(token.lower_, token.lemma_.lower()))


def _is_looked_up(token: Token) -> bool:
    if not token.is_alpha or len(token) < SHORTEST or (token.pos_ == "PROPN" and not token.is_upper):
        return False
    if ANY_MONTH.fullmatch(token.text) or DAY.fullmatch(token.text):
        return False
    return token.lower_ not in COURTESY | NOT_NAMES | known_first_names()


def _forms(word: str, lemma: str) -> Iterator[str]:
    """A word, its lemma, and both without what a prefix or a suffix adds: generous, since no list has all words."""
    for form in (word, lemma):
        yield form
        yield from (form.removeprefix(prefix) for prefix in PREFIXES if form.startswith(prefix))
        for suffix in SUFFIXES:
            if form.endswith(suffix):
                bare = form.removesuffix(suffix)
                yield from (bare, f"{bare}e", bare[:-1])
