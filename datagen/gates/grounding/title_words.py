"""Titles: how many of their words the payload does not have, and whether they are only a piece cut out of it."""

import re

from spacy.tokens import Token

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

TELLING = word_set("NOUN VERB ADJ PROPN ADV X NUM")
PAYLOADS = word_set("email mail message article attached attachment chat call question issue today tonight tomorrow")
"""What the payload is or has, and when, as its reader may call it."""
STATES = word_set("over off out up down back away through on")
"""What something is that has ended, failed or come back: after "is" no empty words."""
TAUTOLOGY = 2
"""So many times as many words as different ones has "A decimal is a decimal"."""
ASKING = word_set("request")
"""What a text is only called that asks for something in this word: models say it of whatever it is about."""
SHORTEST = 2
"""Letters of a word."""
SALUTATION = re.compile(r"^\s*(?:dear|hello|hi|hey)\s+([^,:;!.\n]{1,80})", re.IGNORECASE)
"""The beginning of a text, and to whom it is."""


class TitleWordsGate(EachSummary):
    """Rejects titles that have too few words of the payload, or too many that it has in no form. English only.

    In every language it rejects a title that is only cut out: the payload's first words, a line of it (a heading, a
    signature), or whom it is to ("Dear all customers,"). Who is shown them learns only to copy.
    `SupportGate` lets an unknown word of a short text pass, since prose paraphrases; in a title each word must be the
    payload's. What any text may be called ("update", "details") is no unknown word.
    """

    name = "title_words"

    def __init__(self, english: English, min_own: int, max_new: int) -> None:
        self._english, self._min_own, self._max_new = english, min_own, max_new

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of different words that the payload lacks, or has where those are too few."""
        if sample.product.form != "title":
            return self.passed(0, "any other form")
        if taken := _taken(sample):
            return self.failed(1, "not the payload's beginning, line or addressee", *taken)
        if language_of(sample.payload.language, sample.source) != "en":
            return self.passed(0, "any other language")
        return self._of_words(sample)

    def _of_words(self, sample: Summary) -> Verdict:
        few, many = f">= {self._min_own} words of the payload", f"<= {self._max_new} words that the payload lacks"
        said = self._english.payload(sample.payload)
        known = {word for part in said for t in part.doc for word in forms(t)}
        known |= {word.lower() for word in words(sample.source)}
        tokens = [token for token in self._english.read(sample.text) if is_telling(token)]
        telling = {stem(token): token for token in tokens}
        if len(tokens) >= TAUTOLOGY * len(telling) > 0:
            bound = f"< {TAUTOLOGY} times as many words as different ones"
            return self.failed(len(tokens), bound, "same_said_of_itself")
        unknown = [token for token in telling.values() if known.isdisjoint(forms(token))]
        new = [token.lower_ for token in unknown if not _suits_any(token)]
        if len(new) > self._max_new:
            return self.failed(len(new), many, "words_not_in_payload", ", ".join(new))
        own = len(telling) - len(unknown)
        if own < self._min_own:
            return self.failed(own, few, "too_few_words_of_payload")
        return self.passed(len(new), many)


def _plain(title: str) -> tuple[str, ...]:
    """Its words, however they are written."""
    return words(title.casefold().replace("’", "'"))


def _taken(sample: Summary) -> tuple[str, str] | None:
    """From where in the payload a title is cut out, and what stands there; None, if from nowhere."""
    said = _plain(sample.text)
    for part in sample.payload.parts if said else ():
        if _plain(part.text.lstrip()[: 2 * len(sample.text)])[: len(said)] == said:
            return "opening_again", part.text[: len(sample.text)]
        greeting = SALUTATION.match(part.text)
        if greeting and f" {' '.join(said)} " in f" {' '.join(_plain(greeting.group(1)))} ":
            return "addressee_again", greeting.group(1)
        if line := next((line for line in part.text.splitlines() if _plain(line) == said), ""):
            return "line_again", line
    return None


def forms(token: Token) -> tuple[str, str, str]:
    """By which of these it may be the same word: stem, lemma, as it is written."""
    return stem(token), token.lemma_.lower(), token.lower_


def is_telling(token: Token) -> bool:
    """Whether a word of a title tells what the payload is about."""
    tells = not token.is_stop or (token.lower_ in STATES and token.head.lemma_ == "be")
    return token.pos_ in TELLING and tells and (token.like_num or len(token) >= SHORTEST)


def _suits_any(token: Token) -> bool:
    """Whether a word may stand over any text: what one is called, when it came, a number (for `NumbersGate`)."""
    if not token.is_alpha or ANY_MONTH.fullmatch(token.text) or DAY.fullmatch(token.text):
        return True
    return not ((LABELS | ABSTRACT | PAYLOADS | NOT_NAMES) - ASKING).isdisjoint((token.lemma_.lower(), token.lower_))
