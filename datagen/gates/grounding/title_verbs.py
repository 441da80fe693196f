"""Titles: what they tell as done, as there, or to do, held against the same verb or quality in the payload."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from datagen.gates.grounding.clauses import NEGATIONS, in_question
from datagen.gates.grounding.english import Said

PAST = frozenset(("VBD", "VBN"))
"""Tags of the past tense and of participles: "product confirmed" may be either."""
BASE = frozenset(("VB", "VBP"))
"""Tags of the base form: an order, or what somebody will or has to do; of "we have" too, since taggers mix them up."""
WISHED = frozenset(("need", "require", "request", "want", "propose", "suggest", "plan", "schedule", "expect", "attach"))
"""Verbs that tell of nothing done: "volunteers needed"."""
HOPING = frozenset(("hope", "wish", "wonder"))
"""Verbs of what may be or not."""
OPEN = frozenset(("how", "whether"))
"""What leaves a clause open."""
BEFORE = 3
"""Words before a verb in which a denial is one of it: "was never yet paid"."""


def past_verbs(title: Doc) -> Iterator[Token]:
    """The verbs that a title tells as done."""
    for token in title:
        lemma = token.lemma_.lower()
        if token.tag_ in PAST and token.pos_ == "VERB" and lemma != token.lower_ and lemma not in WISHED:
            yield token


def undone(title: Doc, said: Sequence[Said]) -> str:
    """The first verb of the past in a title that the payload has in no such form, only denied or asked; else empty."""
    verbs = list(past_verbs(title))
    there = [t for part in said if verbs for t in part.doc if not is_denied(t) and not _is_asked(t)]
    written = {token.lower_ for token in there}  # whatever the tagger takes them for
    done = {token.lemma_.lower() for token in there if token.tag_ in PAST}
    false = (verb for verb in verbs if verb.lower_ not in written and verb.lemma_.lower() not in done)
    return next((verb.lower_ for verb in false), "")


def not_yet(title: Doc, said: Sequence[Said]) -> str:
    """The first quality that a title says is there ("is ready") and the payload only that it will be; else empty."""
    for token in title:
        if token.dep_ == "acomp" and token.head.lemma_ == "be" and not _is_to_come(token):
            there = [t for part in said for t in part.doc if t.lemma_.lower() == token.lemma_.lower()]
            if there and all(t.dep_ == "acomp" and (_is_to_come(t) or _is_asked(t)) for t in there):
                return token.lower_
    return ""


def unasked(title: Doc, said: Sequence[Said]) -> str:
    """The first verb that a title tells to do ("sell gas", "not to win") and the payload tells otherwise; else empty.

    What is to be done stands there in its base form, and in no question: "did you sell gas?" tells nobody to.
    """
    verbs = [token for part in said for token in part.doc if token.tag_.startswith("VB")]
    told = {token.lemma_.lower() for token in verbs}
    to_do = {token.lemma_.lower() for token in verbs if token.tag_ in BASE and not _is_asked(token)}
    ordered = (t for t in title if t.tag_ == "VB" and (t.i == 0 or title[t.i - 1].lower_ == "to"))
    return next((token.lower_ for token in ordered if token.lemma_.lower() in told - to_do), "")


def is_denied(token: Token) -> bool:
    """Whether a word closely before denies it."""
    first = max(token.sent.start, token.i - BEFORE)
    return any(before.lower_ in NEGATIONS for before in token.doc[first : token.i])


def _is_asked(token: Token) -> bool:
    """Whether its sentence asks, or its clause: what somebody hopes, whether it is so, how it went."""
    hoped = any(verb.lemma_.lower() in HOPING for verb in token.ancestors)
    open_ = any(child.lower_ in OPEN for child in token.children)
    return hoped or open_ or in_question(token)


def _is_to_come(token: Token) -> bool:
    return any(child.tag_ == "MD" for child in token.head.children)
