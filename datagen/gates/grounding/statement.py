"""Statements: whether an answer says something at all, since what says nothing passes every check of what it says."""

import re

from spacy.tokens import Doc

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.courtesy import COURTESY
from datagen.gates.grounding.english import English
from datagen.gates.rules.language import language_of
from datagen.gates.text import word_set, words
from datagen.products.summary import Summary

FINITE = frozenset(("VB", "VBZ", "VBP", "VBD", "MD"))
"""Tags of verbs that make a sentence, orders too."""
INSIDE_NOUNS = frozenset(("amod", "compound"))
"""What a verb is within a name of something: "winning numbers"."""
FUNCTION = word_set("DET ADP PRON CCONJ SCONJ PART AUX NUM SYM PUNCT")
"""Parts of speech that tell nothing by themselves."""
URGENCY = word_set(
    "urgent urgency urgently high low normal medium priority important importance level message email mail "
    "notification content text reader"
)
"""Words of a reason that only say again how urgent it is, and what."""
FILE_NAME = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|txt|rtf|csv|html?|zip|jpe?g|gif|png)\W*\Z", re.IGNORECASE)
"""The end of a title that names an attachment."""

TELEPHONE = re.compile(r"(?<![\d.-])\d{1,3}(?:[-. ]\d{3})*[-.]\d{4}(?!\d)")
"""An extension ("3-7060") or a number ("713-555-0163"): contact data stand below a mail and are no matter of it."""


class StatementGate(EachSummary):
    """Rejects answers that state nothing. English only; others pass.

    Prose has a verb, a reply has one or is a usual short one, a reason more than the urgency that it is for, anything
    else has a word that is no name: "Baghdad, Iraq" may stand over every report from there. A title is no file's name
    and has no telephone number.
    """

    name = "statement"

    def __init__(self, english: English) -> None:
        self._english = english

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of pieces that state nothing."""
        bound = "0 pieces that state nothing"
        if language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0, bound)
        found = [(reason, text) for text in sample.answer.texts() if (reason := self._fault(text, sample))]
        return self.failed(len(found), bound, *found[0]) if found else self.passed(0, bound)

    def _fault(self, text: str, sample: Summary) -> str:
        doc = self._english.read(text)
        if sample.product.form == "replies":
            is_reply = any(token.tag_ in FINITE or token.lower_ in COURTESY for token in doc)
            return "" if is_reply else "no_sentence"
        if sample.product.form == "text":
            return "" if _has_verb(doc) else "no_verb"
        if sample.product.form == "priority" and not _has_reason(doc):
            return "no_reason"
        if sample.product.form == "title" and FILE_NAME.search(text):
            return "file_name"
        if sample.product.form == "title" and TELEPHONE.search(text):
            return "telephone"
        return "" if _has_other_than_names(doc, sample.source) else "names_only"


def _has_verb(doc: Doc) -> bool:
    return any(token.pos_ in ("VERB", "AUX") and token.dep_ not in INSIDE_NOUNS for token in doc)


def _has_reason(doc: Doc) -> bool:
    telling = (token for token in doc if token.is_alpha and not token.is_stop and token.pos_ not in FUNCTION)
    return any(URGENCY.isdisjoint((token.lower_, token.lemma_.lower())) for token in telling)


def _has_other_than_names(doc: Doc, source: str) -> bool:
    """Whether a word is no name: it is written small here or somewhere in the payload, or is new."""
    there = words(source)
    small = {word for word in there if word[0].islower()}
    known = {word.lower() for word in there}
    return any(
        token.text[0].islower() or token.lower_ in small or token.lower_ not in known
        for token in doc
        if token.is_alpha and token.pos_ not in FUNCTION
    )
