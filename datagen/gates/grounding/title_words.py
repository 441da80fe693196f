"""Titles: how many of their words the payload does not have."""

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.english import English
from datagen.gates.grounding.evidence import stem
from datagen.gates.grounding.names import NOT_NAMES
from datagen.gates.grounding.quantities import ANY_MONTH, DAY
from datagen.gates.grounding.support import ABSTRACT, LABELS
from datagen.gates.rules.language import language_of
from datagen.gates.text import word_set, words
from datagen.products.summary import Summary

TELLING = word_set("NOUN VERB ADJ PROPN ADV X")
PAYLOADS = word_set("email mail message article attached attachment chat call question issue today tonight tomorrow")
"""What the payload is or has, and when, as its reader may call it."""


class TitleWordsGate(EachSummary):
    """Rejects titles with words that the payload has in no form: in a few words each must be its own. English only.

    `SupportGate` lets an unknown word of a short text pass, since prose paraphrases. Names in capitals count as words.
    """

    name = "title_words"

    def __init__(self, english: English, max_new: int) -> None:
        self._english, self._max_new = english, max_new

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of different words that the payload lacks; what any text may be called is none."""
        bound = f"<= {self._max_new} words that the payload lacks"
        if sample.product.form != "title" or language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0, bound)
        said = self._english.payload(sample.payload)
        known = {word for part in said for t in part.doc for word in (stem(t), t.lemma_.lower(), t.lower_)}
        known |= {word.lower() for word in words(sample.source)}
        new = [
            token.lower_
            for token in self._english.read(sample.text)
            if token.pos_ in TELLING and token.is_alpha and not token.is_stop and len(token) > 1
            if known.isdisjoint((stem(token), token.lemma_.lower(), token.lower_))
            if (LABELS | ABSTRACT | PAYLOADS | NOT_NAMES).isdisjoint((token.lemma_.lower(), token.lower_))
            if not ANY_MONTH.fullmatch(token.text) and not DAY.fullmatch(token.text)
        ]
        different = list(dict.fromkeys(new))
        if len(different) > self._max_new:
            return self.failed(len(different), bound, "words_not_in_payload", ", ".join(different))
        return self.passed(len(different), bound)
