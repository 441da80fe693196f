"""Relevance of replies: whether they answer this payload and not another one."""

from collections.abc import Set

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.clauses import is_content
from datagen.gates.grounding.courtesy import COURTESY
from datagen.gates.grounding.english import English
from datagen.gates.grounding.evidence import stem
from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary


class RelevanceGate(EachSummary):
    """Rejects replies of which one shares no word with the payload, unless it is a courtesy. English only.

    Strict: people also answer in other words ("I can't, I'm in Rome"). What is lost is a sample, not its truth.
    """

    name = "relevance"

    def __init__(self, english: English) -> None:
        self._english = english

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of replies that might answer anything."""
        bound = "0 replies that share no word with the payload"
        if sample.product.form != "replies" or language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0, bound)
        said = self._english.payload(sample.payload)
        known = {word for part in said for token in part.doc for word in (stem(token), token.lower_)}
        found = [reply for reply in sample.answer.texts() if not self._answers(reply, known)]
        return self.failed(len(found), bound, "answers_anything", found[0]) if found else self.passed(0, bound)

    def _answers(self, reply: str, known: Set[str]) -> bool:
        doc = self._english.read(reply)
        telling = [t for t in doc if is_content(t) and COURTESY.isdisjoint((t.lower_, t.lemma_.lower()))]
        if not telling:
            return any(token.lower_ in COURTESY for token in doc)
        return any(not known.isdisjoint((stem(token), token.lower_)) for token in telling)
