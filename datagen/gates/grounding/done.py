"""What is done and what is denied: a title that says so needs a payload that does, of the same thing."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from datagen.gates.grounding.clauses import NEGATIONS, is_content
from datagen.gates.grounding.english import Said
from datagen.gates.grounding.evidence import stem

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


def undenied(title: Doc, said: Sequence[Said]) -> str:
    """The first denial in a title, with the next word that carries meaning, where the payload denies no such thing."""
    denied = {stem(token) for part in said for token in part.doc if is_content(token) and _is_denied(token)}
    for number, token in enumerate(title):
        if token.lower_ in NEGATIONS:
            what = next(filter(is_content, title[number + 1 :]), None)
            if what is not None and stem(what) not in denied:
                return f"{token.lower_} {what.lower_}"
    return ""


def _past(title: Doc) -> Iterator[Token]:
    for token in title:
        lemma = token.lemma_.lower()
        if token.tag_ in PAST and token.pos_ == "VERB" and lemma != token.lower_ and lemma not in WISHED:
            yield token


def _is_denied(token: Token) -> bool:
    first = max(token.sent.start, token.i - BEFORE)
    return any(before.lower_ in NEGATIONS for before in token.doc[first : token.i])
