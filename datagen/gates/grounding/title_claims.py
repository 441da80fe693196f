"""Titles: what they tell as done or to do, deny, or put together. A payload that has the words may say else."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from spacy.tokens import Doc, Token

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import NEGATIONS, is_content
from datagen.gates.grounding.english import English, Said
from datagen.gates.grounding.evidence import stem
from datagen.gates.grounding.title_owners import not_its_own
from datagen.gates.grounding.title_subjects import told_of_another
from datagen.gates.grounding.title_words import forms, is_telling
from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary

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


class TitleClaimsGate(EachSummary):
    """Rejects titles that say of the payload's own words what it does not say of them. English only; others pass."""

    name = "title_claims"

    def __init__(self, english: English, max_apart: int) -> None:
        self._english, self._max_apart = english, max_apart

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of neighbours in the title that no sentence of the payload has together."""
        bound = f"<= {self._max_apart} neighbours that no sentence has together"
        if sample.product.form != "title" or language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0, bound)
        said = self._english.payload(sample.payload)
        title = self._english.read(sample.text.lower())  # a tagger takes words with capitals for names
        own = self._english.read(sample.text)
        for reason, holds, false in (
            ("said_as_done", "nothing done that the payload does not tell as done", undone(title, said)),
            ("said_as_there", "nothing said to be that is to come", not_yet(title, said)),
            ("told_of_another", "nothing told of another than in the payload", told_of_another(_past(title), said)),
            ("not_its_own", "nothing given to whom the payload does not give it", not_its_own(own, said)),
            ("said_as_to_do", "nothing to do that the payload does not tell to do", unasked(title, said)),
            ("said_as_denied", "nothing denied that the payload does not deny", undenied(title, said)),
        ):
            if false:
                return self.failed(1, holds, reason, false)
        found = apart(own, said)
        if len(found) > self._max_apart:
            return self.failed(len(found), bound, "put_together", ", ".join(found))
        return self.passed(len(found), bound)


def undone(title: Doc, said: Sequence[Said]) -> str:
    """The first verb of the past in a title that the payload has in no such form, only denied or asked; else empty."""
    there = [t for part in said for t in part.doc if not _is_denied(t) and not _is_asked(t)]
    written = {token.lower_ for token in there}  # whatever the tagger takes them for
    done = {token.lemma_.lower() for token in there if token.tag_ in PAST}
    verbs = (verb for verb in _past(title) if verb.lower_ not in written and verb.lemma_.lower() not in done)
    return next((verb.lower_ for verb in verbs), "")


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


def undenied(title: Doc, said: Sequence[Said]) -> str:
    """The first denial in a title, with the next word that carries meaning, where the payload denies no such thing."""
    denied = {stem(token) for part in said for token in part.doc if is_content(token) and _is_denied(token)}
    for number, token in enumerate(title):
        if token.lower_ in NEGATIONS:
            what = next(filter(is_content, title[number + 1 :]), None)
            if what is not None and stem(what) not in denied:
                return f"{token.lower_} {what.lower_}"
    return ""


def apart(title: Doc, said: Sequence[Said]) -> list[str]:
    """Words of the payload that follow each other in a title, and that no sentence of the payload has together."""
    sentences = [{form for token in span for form in forms(token)} for part in said for span in part.doc.sents]
    known = set().union(*sentences)
    own = [token for token in title if is_telling(token) and not known.isdisjoint(forms(token))]
    return [
        f"{one.text} {other.text}"
        for one, other in pairwise(own)
        if not any(not there.isdisjoint(forms(one)) and not there.isdisjoint(forms(other)) for there in sentences)
    ]


def _past(title: Doc) -> Iterator[Token]:
    for token in title:
        lemma = token.lemma_.lower()
        if token.tag_ in PAST and token.pos_ == "VERB" and lemma != token.lower_ and lemma not in WISHED:
            yield token


def _is_asked(token: Token) -> bool:
    """Whether its sentence asks, or its clause: what somebody hopes, whether it is so, how it went."""
    hoped = any(verb.lemma_.lower() in HOPING for verb in token.ancestors)
    open_ = any(child.lower_ in OPEN for child in token.children)
    return hoped or open_ or token.sent.text.rstrip().endswith("?")


def _is_to_come(token: Token) -> bool:
    return any(child.tag_ == "MD" for child in token.head.children)


def _is_denied(token: Token) -> bool:
    first = max(token.sent.start, token.i - BEFORE)
    return any(before.lower_ in NEGATIONS for before in token.doc[first : token.i])
