"""The clauses of a text: a verb, who it is said of, its content words, whether it is denied."""

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from datagen.gates.text import word_set

CONTENT = word_set("NOUN VERB ADJ PROPN NUM ADV")
EMPTY = word_set(
    "be have do get go make take want need will would can could should may might must let thing something "
    "anything someone people person one other way lot bit so too very really just also then now here there more "
    "most again still only well new good able about going please both all some any"
)
"""Words that say too little to find a clause by."""
CLAUSE_ROLES = word_set("ROOT conj advcl ccomp relcl parataxis xcomp")
NEGATIONS = frozenset(
    (
        "not",
        "n't",
        "n’t",
        "no",
        "never",
        "none",
        "nothing",
        "nobody",
        "nowhere",
        "neither",
        "nor",
        "without",
        "cannot",
        "hardly",
        "barely",
    )
)
"""Words that deny, as they are written."""


@dataclass(frozen=True)
class Clause:
    """A verb (or what stands for it) with what belongs to it and to no other clause."""

    head: Token
    tokens: tuple[Token, ...]
    subject: Token | None
    """The subject's head word, its own or that of the verb it is joined to."""
    negated: bool
    """Whether an odd number of words deny it."""

    @property
    def content(self) -> tuple[Token, ...]:
        """The words that say something, without names."""
        return tuple(t for t in self.tokens if is_content(t) and t.pos_ != "PROPN")


def is_content(token: Token) -> bool:
    """Whether a word says something by itself."""
    return (
        token.pos_ in CONTENT
        and token.lemma_.lower() not in EMPTY
        and token.lower_ not in NEGATIONS
        and token.is_alpha
        and not (token.is_stop and token.pos_ != "VERB")
    )


def clauses(doc: Doc) -> list[Clause]:
    """The clauses in the order of their heads. A text without a verb is one clause a sentence."""
    heads = {token.i for token in doc if _is_head(token)}
    owned: dict[int, list[Token]] = {head: [] for head in heads}
    for token in doc:
        owner = next((a.i for a in (token, *token.ancestors) if a.i in heads), None)
        if owner is not None:
            owned[owner].append(token)
    return [_clause(doc[head], tokens) for head, tokens in sorted(owned.items())]


def in_question(token: Token) -> bool:
    """Whether its sentence is a question."""
    return "?" in token.sent.text


def _is_head(token: Token) -> bool:
    if token.dep_ == "ROOT":
        return True
    if token.pos_ not in ("VERB", "AUX") or token.dep_ not in CLAUSE_ROLES:
        return False
    return token.dep_ != "xcomp" or token.head.lemma_ in ("want", "decide", "agree", "refuse", "ask", "tell", "plan")


def _clause(head: Token, tokens: list[Token]) -> Clause:
    denied = sum(1 for token in tokens if token.lower_ in NEGATIONS)
    return Clause(head, tuple(tokens), subject_of(head), denied % 2 == 1)


def subject_of(head: Token) -> Token | None:
    """Its own subject, else that of the clause that it is joined to or stands in."""
    for verb in (head, *_joined_to(head)):
        found = next((child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")), None)
        if found is not None:
            return found
    return None


def _joined_to(head: Token) -> Iterator[Token]:
    while head.dep_ in ("conj", "xcomp", "advcl") and head.head is not head:
        head = head.head
        yield head
