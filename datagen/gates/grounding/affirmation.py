"""Affirmations: a summary that says what the payload only denies, such as one whose "not" was left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Token

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import Clause, clauses, in_question, is_content
from datagen.gates.grounding.english import English, tells_in_english
from datagen.gates.grounding.evidence import Evidence, evidence, stem
from datagen.gates.grounding.negation_signs import DENIES
from datagen.gates.grounding.support import TELLING
from datagen.gates.text import word_set
from datagen.products.summary import Summary

REACH = 4
"""Words before a verb that deny it."""
SUPPOSED = word_set("if unless until")
"""What follows these is not stated."""
DENYING = word_set("too stop only less hardly")
"""Words that say "not" in another way."""


@dataclass(frozen=True)
class Stated:
    """A clause of the payload."""

    verb: str
    stems: frozenset[str]
    denied: bool
    supposed: bool
    """Whether it is asked, or a condition."""
    text: str


class AffirmationGate(EachSummary):
    """Rejects summaries with a clause of which the payload has the verb and more only denied. English only."""

    name = "affirmation"

    def __init__(self, english: English) -> None:
        self._english = english

    def verdict(self, sample: Summary) -> Verdict:
        """The score is by how much a clause is nearer to a denied one than to one that is not, in weights of words."""
        bound = "no nearer to what is denied"
        if not tells_in_english(sample):
            return self.passed(0.0, bound)
        affirmed = [clause for clause in clauses(self._english.read(sample.text)) if _is_affirmed(clause)]
        said = self._english.payload(sample.payload)
        there = [_stated(clause) for part in said for clause in clauses(part.doc)] if affirmed else []
        if not any(clause.denied for clause in there):
            return self.passed(0.0, bound)
        found = list(_nearer_to_denied(affirmed, there, evidence(said)))
        score, denied = max(found, default=(0.0, ""))
        return self.failed(score, bound, "denied_in_payload", denied) if found else self.passed(0.0, bound)


def _is_affirmed(clause: Clause) -> bool:
    low = {token.lower_ for token in clause.tokens}
    return not clause.negated and clause.head.lemma_ not in TELLING and low.isdisjoint(SUPPOSED | DENYING)


def _stated(clause: Clause) -> Stated:
    return Stated(
        verb=stem(clause.head),
        stems=_stems(clause),
        denied=any(_denies(token, clause.head) for token in clause.tokens),
        supposed=_is_asked(clause) or any(token.lower_ in SUPPOSED for token in clause.tokens),
        text=" ".join(token.text for token in clause.tokens),
    )


def _is_asked(clause: Clause) -> bool:
    """Whether it is a question, or a proposal: "Why don't you ..."."""
    return in_question(clause.head) or any(token.lower_ == "why" for token in clause.tokens)


def _denies(token: Token, verb: Token) -> bool:
    """Whether a word denies its clause's verb; "No, today ..." does not, nor does "without a break"."""
    if (
        token.dep_ == "intj"
        or token.lower_ == "without"
        or not DENIES.fullmatch(token.text if token.text != "n't" else "not")
    ):
        return False
    return token.head.i == verb.i or 0 < verb.i - token.i <= REACH


def _stems(clause: Clause) -> frozenset[str]:
    return frozenset(stem(token) for token in clause.tokens if is_content(token)) | {stem(clause.head)}


def _nearer_to_denied(
    affirmed: Sequence[Clause], there: Sequence[Stated], payload: Evidence
) -> Iterator[tuple[float, str]]:
    """Of each clause that is: by how much, and the denied one."""
    for clause in affirmed:
        verb, stems = stem(clause.head), _stems(clause)

        def shared(other: Stated, stems: frozenset[str] = stems) -> float:
            return sum(payload.weight.get(word, 1.0) for word in stems & other.stems)

        denied = [c for c in there if c.denied and not c.supposed and c.verb == verb and len(stems & c.stems) > 1]
        nearest = max(denied, key=shared, default=None)
        said = max((shared(c) for c in there if not c.denied and verb in c.stems), default=0.0)
        if nearest is not None and shared(nearest) > said:
            yield shared(nearest) - said, nearest.text
