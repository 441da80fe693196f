"""Voice and tense of the clauses (AFM R33: voice). English only; other languages pass."""

from spacy.tokens import Token

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import clauses
from datagen.gates.grounding.english import English
from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary

PASSIVE = frozenset(("auxpass", "nsubjpass", "csubjpass"))
PRESENT, PAST = frozenset(("VBZ", "VBP")), frozenset(("VBD",))
FEW = 2
"""Clauses below which a share says nothing: one passive clause may be the best way to say it."""


class VoiceGate(EachSummary):
    """Rejects answers in the passive where the product asks for the active voice."""

    name = "voice"

    def __init__(self, english: English, max_passive: float) -> None:
        self._english, self._max_passive = english, max_passive

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the share of clauses in the passive."""
        bound = f"<= {self._max_passive:g} of the clauses"
        if sample.product.voice == "any" or language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0.0, bound)
        found = [clause for clause in clauses(self._english.read(sample.text)) if clause.head.pos_ in ("VERB", "AUX")]
        passive = sum(any(child.dep_ in PASSIVE for child in clause.head.children) for clause in found)
        share = passive / len(found) if found else 0.0
        if passive >= FEW and share > self._max_passive:
            return self.failed(share, bound, "passive_voice")
        return self.passed(share, bound)


class TenseGate(EachSummary):
    """Rejects answers whose main clauses are in another tense than the product asks for."""

    name = "tense"

    def __init__(self, english: English, min_share: float) -> None:
        self._english, self._min_share = english, min_share

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the share of the main clauses' present and past verbs that are in the right one."""
        tense, bound = sample.product.tense, f">= {self._min_share:g} in the right tense"
        if tense == "any" or language_of(sample.payload.language, sample.source) != "en":
            return self.passed(1.0, bound)
        verbs = [_finite(token) for token in self._english.read(sample.text) if token.dep_ == "ROOT"]
        tags = [verb.tag_ for verb in verbs if verb is not None]
        right = PRESENT if tense == "present" else PAST
        known = [tag for tag in tags if tag in PRESENT | PAST]
        share = sum(tag in right for tag in known) / len(known) if known else 1.0
        if share < self._min_share:
            return self.failed(share, bound, "other_tense")
        return self.passed(share, bound)


def _finite(root: Token) -> Token | None:
    """The word of a main clause that has the tense: its first auxiliary, else the verb itself."""
    if root.pos_ not in ("VERB", "AUX"):
        return None
    return next((child for child in root.children if child.dep_ in ("aux", "auxpass")), root)
