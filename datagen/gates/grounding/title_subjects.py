"""Titles: of whom or what they tell that something was done, held against the same verb in the payload."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from datagen.gates.grounding.clauses import subject_of
from datagen.gates.grounding.english import Said
from datagen.gates.grounding.evidence import stem

AGENT = frozenset(("nsubj",))
PATIENT = frozenset(("nsubjpass", "dobj", "dative", "attr", "oprd"))
MODIFIES = frozenset(("amod", "acl", "relcl"))
"""What a verb is that stands beside its noun: "updated list", "the list that was updated"."""
SAME_NOUN = frozenset(("compound", "conj", "appos", "nmod"))
"""What belongs to a noun; "list *for the office*" does not."""


def told_of_another(verbs: Iterator[Token], said: Sequence[Said]) -> str:
    """The first verb of a title with its subject, where the payload tells it only of something else; else empty.

    "Office updated" of "an updated list for the office"; "Bo was offered a job" of "Bo had offered her one". A pronoun
    in the payload may be anybody.
    """
    for verb in verbs:
        subject = verb.head if verb.dep_ == "acl" else subject_of(verb)
        there = [t for part in said for t in part.doc if t.lemma_.lower() == verb.lemma_.lower() and t.pos_ == "VERB"]
        if subject is not None and there and _is_anothers(subject, _is_passive(verb), there):
            return f"{subject.lower_} {verb.lower_}"
    return ""


def _is_anothers(subject: Token, passive: bool, there: Sequence[Token]) -> bool:
    patients = [noun for verb in there for noun in _patients(verb)]
    agents = [noun for verb in there for noun in _agents(verb)]
    of_patients, of_agents = _stems(patients), _stems(agents)
    if stem(subject) in of_patients or (not passive and stem(subject) in of_agents):
        return False
    if passive and stem(subject) in of_agents:
        return True
    nouns = [*patients, *agents]
    return bool(nouns) and all(noun.pos_ != "PRON" for noun in nouns)


def _is_passive(verb: Token) -> bool:
    return any(child.dep_ in ("auxpass", "nsubjpass") for child in verb.children)


def _agents(verb: Token) -> Iterator[Token]:
    subject = subject_of(verb)
    if subject is not None and subject.dep_ in AGENT and not _is_passive(verb):
        yield subject
    for by in (child for child in verb.children if child.dep_ == "agent"):
        yield from by.children


def _patients(verb: Token) -> Iterator[Token]:
    subject = subject_of(verb)
    if subject is not None and (subject.dep_ in PATIENT or _is_passive(verb)):
        yield subject
    if verb.dep_ in MODIFIES:
        yield verb.head
    yield from (child for child in verb.children if child.dep_ in PATIENT)


def _stems(nouns: Sequence[Token]) -> set[str]:
    """Of the nouns and of what belongs to each."""
    return {stem(token) for noun in nouns for token in (noun, *_belonging(noun))}


def _belonging(noun: Token) -> Iterator[Token]:
    for child in noun.children:
        if child.dep_ in SAME_NOUN:
            yield child
            yield from _belonging(child)
