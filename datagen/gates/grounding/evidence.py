"""The payload as evidence: its sentences, who said them, and which of them a clause is about."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Span, Token

from datagen.gates.grounding.clauses import NEGATIONS, is_content
from datagen.gates.grounding.english import Said

STEM = 5
"""Letters of a word that its relatives share: decide, decision; a last y is an i: marry, marriage."""


@dataclass(frozen=True)
class Sentence:
    """A sentence of the payload."""

    part: int
    """The number of its part."""
    sender: str | None
    span: Span
    stems: frozenset[str]
    denies: bool
    """Whether a word in it denies."""


@dataclass(frozen=True)
class Evidence:
    """All sentences of a payload, and how much each stem tells (its inverse sentence frequency)."""

    sentences: tuple[Sentence, ...]
    weight: dict[str, float]
    unknown: float
    """The weight of a stem that the payload does not have."""

    def share(self, stems: Sequence[str], sentence: Sentence) -> float:
        """How much of some stems, by weight, a sentence has: 0 to 1."""
        total = sum(self.weight.get(stem, self.unknown) for stem in stems)
        return sum(self.weight[stem] for stem in stems if stem in sentence.stems) / total if total else 0.0


def stem(token: Token) -> str:
    """The beginning of a word's lemma: rough, and the same for most of its relatives."""
    lemma = token.lemma_.lower()
    short = lemma[:STEM]
    return f"{short[:-1]}i" if len(short) > 2 and short.endswith("y") else short


def evidence(said: Sequence[Said]) -> Evidence:
    """A payload's sentences with their stems and weights."""
    sentences = tuple(
        Sentence(
            part=number,
            sender=part.sender,
            span=span,
            stems=frozenset(stem(token) for token in span if is_content(token)),
            denies=any(token.lower_ in NEGATIONS for token in span),
        )
        for number, part in enumerate(said)
        for span in part.doc.sents
    )
    counts = Counter(s for sentence in sentences for s in sentence.stems)
    total = max(1, len(sentences))
    weight = {s: math.log(1 + total / count) for s, count in counts.items()}
    return Evidence(sentences, weight, math.log(1 + total))
