"""Titles: whose they tell something to be ("Ann's request"), held against who has, does or makes it in the payload."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from datagen.gates.grounding.english import Said
from datagen.gates.grounding.evidence import stem

OWNS = frozenset(("poss", "compound", "nmod", "nsubj", "nsubjpass"))
"""What an owner is to the thing, or to the verb that it is called after: "Ann requested it" is Ann's request."""
OF = frozenset(("of", "by", "from", "in", "at"))
"""Words between a thing and its owner: "the population of Siberia"."""


def not_its_own(title: Doc, said: Sequence[Said]) -> str:
    """The first owner with the thing that a title gives to it, where nothing in the payload does; else empty."""
    given = [(token, token.head) for token in title if token.dep_ == "poss" and token.pos_ != "PRON"]
    there = {pair for part in said for pair in _owned(part.doc)} if given else set()
    return next((f"{one.lower_}'s {other.lower_}" for one, other in given if (stem(one), stem(other)) not in there), "")


def _owned(doc: Doc) -> Iterator[tuple[str, str]]:
    """Stems of owners with those of what is theirs."""
    for token in doc:
        for thing in _things(token):
            yield stem(token), stem(thing)


def _things(owner: Token) -> Iterator[Token]:
    if owner.dep_ in OWNS:
        yield owner.head
        yield from owner.head.conjuncts
    elif owner.dep_ == "pobj" and owner.head.lower_ in OF:
        yield owner.head.head
