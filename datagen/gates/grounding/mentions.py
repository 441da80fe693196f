"""Where a summary names the people of a conversation: what each is said to do, in which words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from spacy.tokens import Doc, Token

from datagen.gates.grounding.clauses import Clause, clauses, is_content
from datagen.gates.grounding.evidence import stem
from datagen.gates.text import word_set

Role = Literal["asks", "tells", "says", "is", "does", "owns", "other"]
"""``tells``: gives another one information, advice or help; ``is``: feels, has, wants; ``other``: not the subject."""

ASKING = word_set("ask wonder inquire interview consult check question")
TELLING = word_set(
    "suggest recommend advise invite offer remind warn encourage persuade order request instruct urge help teach "
    "guide show tell give introduce explain describe inform answer propose assist serve sell provide comfort"
)
SAYING = word_set(
    "say think believe complain talk discuss state mention express admit claim promise share find feel know consider "
    "hope"
)
BEING = word_set(
    "like love hate want need prefer enjoy plan decide wish be have go agree accept refuse decline reject deny thank "
    "apologize congratulate compliment praise confirm reply respond disagree"
)
ROLES: Mapping[str, Role] = {
    **dict.fromkeys(BEING, "is"),
    **dict.fromkeys(SAYING, "says"),
    **dict.fromkeys(TELLING, "tells"),
    **dict.fromkeys(ASKING, "asks"),
}
"""Verbs to the role of their subjects; of all others the subject does something."""
SUBJECTS = ("nsubj", "nsubjpass")
INSIDE = ("ccomp", "xcomp", "advcl", "relcl")
"""Clauses that say what another one's subject asks, tells or says."""


@dataclass(frozen=True)
class Mention:
    """A name in a summary."""

    person: str
    role: Role
    words: tuple[str, ...]
    """Stems of what is said of the person there, without names."""
    token: Token
    named: bool
    """By the name, not as "he" or "she"."""


def mentions(doc: Doc, named: Mapping[str, str]) -> list[Mention]:
    """The mentions in order; a subject of several verbs is one for each. "He" and "she" are the last subject.

    Args:
        doc: a summary with syntax
        named: words of names in lower case, to the person
    """
    found = clauses(doc)
    owner = {token.i: clause for clause in found for token in clause.tokens}
    result: list[Mention] = []
    last = ""
    for token in doc:
        person = named.get(token.lower_, "")
        if token.lower_ in ("he", "she") and token.dep_ == "nsubj":
            person = last
        if not person or token.i not in owner:
            continue
        last = person if token.dep_ in SUBJECTS else last
        result += [
            Mention(person, role, words, token, token.lower_ in named)
            for role, words in _said_of(token, found, owner, named)
        ]
    return result


def _said_of(
    token: Token, found: Sequence[Clause], owner: Mapping[int, Clause], named: Mapping[str, str]
) -> Iterator[tuple[Role, tuple[str, ...]]]:
    first = token.head if token.dep_ == "conj" else token
    if token.dep_ == "poss":
        yield "owns", _stems(token.head.subtree, named)
    elif first.dep_ not in SUBJECTS:
        yield "other", _stems(owner[token.i].tokens, named)
    else:
        for clause in found:
            if clause.subject is not None and clause.subject.i == first.i:
                role = ROLES.get(clause.head.lemma_, "does") if first.dep_ != "nsubjpass" else "other"
                tokens = list(clause.tokens)
                if role in ("asks", "tells", "says"):
                    tokens = [t for t in tokens if t.i != clause.head.i]
                    tokens += [t for inner in found if _is_inside(inner, clause, owner) for t in inner.tokens]
                yield role, _stems(tokens, named)


def _is_inside(inner: Clause, outer: Clause, owner: Mapping[int, Clause]) -> bool:
    head = inner.head
    return head.dep_ in INSIDE and inner is not outer and owner.get(head.head.i) is outer


def _stems(tokens: Iterator[Token] | Sequence[Token], named: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(stem(token) for token in tokens if is_content(token) and token.lower_ not in named)
