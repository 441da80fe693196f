"""What is done: a title that tells of something as done needs a payload that tells so, not one that asks for it."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from datagen.gates.grounding.clauses import NEGATIONS
from datagen.gates.grounding.english import Said

PAST = frozenset(("VBD", "VBN"))
"""Tags of the past tense and of participles: "product confirmed" may be either."""
WISHED = frozenset(("need", "require", "request", "want", "propose", "suggest", "plan", "schedule", "expect", "attach"))
"""Verbs that tell of nothing done: "volunteers needed"."""
BEFORE = 3
"""Words before a verb in which a denial is one of it: "was never yet paid"."""


def undone(title: Doc, said: Sequence[Said]) -> str:
    """The first verb of the past in a title that the payload has in no such form, or only denied; else empty."""
    there = [token for part in said for token in part.doc if not _is_denied(token)]
    forms = {token.lower_ for token in there}  # whatever the tagger takes them for
    done = {token.lemma_.lower() for token in there if token.tag_ in PAST}
    verbs = _past(title)
    return next((verb.lower_ for verb in verbs if verb.lower_ not in forms and verb.lemma_.lower() not in done), "")


def _past(title: Doc) -> Iterator[Token]:
    for token in title:
        lemma = token.lemma_.lower()
        if token.tag_ in PAST and token.pos_ == "VERB" and lemma != token.lower_ and lemma not in WISHED:
            yield token


def _is_denied(token: Token) -> bool:
    first = max(token.sent.start, token.i - BEFORE)
    return any(before.lower_ in NEGATIONS for before in token.doc[first : token.i])
