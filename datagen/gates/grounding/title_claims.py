"""Titles: what they tell, deny and put together. A payload that has the words may say else."""

from collections.abc import Sequence
from itertools import pairwise

from spacy.tokens import Doc

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import NEGATIONS, is_content
from datagen.gates.grounding.english import English, Said
from datagen.gates.grounding.evidence import stem
from datagen.gates.grounding.title_owners import not_its_own
from datagen.gates.grounding.title_subjects import told_of_another
from datagen.gates.grounding.title_verbs import is_denied, not_yet, past_verbs, unasked, undone
from datagen.gates.grounding.title_words import forms, is_telling
from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary


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
            (
                "told_of_another",
                "nothing told of another than in the payload",
                told_of_another(past_verbs(title), said),
            ),
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


def undenied(title: Doc, said: Sequence[Said]) -> str:
    """The first denial in a title, with the next word that carries meaning, where the payload denies no such thing."""
    denied = {stem(token) for part in said for token in part.doc if is_content(token) and is_denied(token)}
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
