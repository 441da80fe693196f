"""Names of people in texts: senders, what a spaCy pipeline takes for a person, and first names of a list."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

import spacy

from datagen.gates.text import word_set
from datagen.payloads.made_up import first_names

WORD = re.compile(r"[^\W\d_][^\W\d_]+(?:['’-][^\W\d_]+)*")
LONGEST = 20_000
"""Characters that the pipeline reads."""
ALSO_WORDS = word_set(
    "will may mark bill rich art hope grace faith joy dawn rose lily iris june april august summer autumn "
    "christian victoria charity chance chase drew ray gene grant guy jack jay ken lane lee max miles page "
    "penny rob rusty skip sue tad trace van wade ward west young price cash king long good day major prince "
    "angel destiny heaven brook sky star sandy sunny georgia virginia carolina dallas austin houston paris "
    "london chelsea sydney brooklyn jordan madison israel china asia america an so do see in my la le de no "
    "mi han don per win dean duke earl baron pat tom-tom melody harmony crystal ruby pearl amber ginger basil "
    "jasmine olive violet ivy daisy holly fern hazel misty stormy rocky buddy sonny bishop pope judge frank"
)
"""First names that are words or places oftener."""
NO_PART = word_set("mr mrs ms dr prof sir the of and inc corp llc ltd team support from re fw fwd")


class People:
    """Finds the words of people's names. The pipeline must be English with an entity recogniser; None: lists only."""

    def __init__(self, pipeline: str | None) -> None:
        self._nlp = spacy.load(pipeline, exclude=["parser", "lemmatizer"]) if pipeline else None

    def words(self, texts: Iterable[str], senders: Iterable[str]) -> set[str]:
        """The words, as written, that are part of somebody's name in one family of texts."""
        found = {word for sender in senders if "@" not in sender for word in WORD.findall(sender)}
        for text in texts:
            found |= set(self._recognised(text)) | set(_listed(text))
        return {word for word in found if word.lower() not in NO_PART and len(word) > 1}

    def _recognised(self, text: str) -> Iterator[str]:
        if self._nlp is None:
            return
        for entity in self._nlp(text[:LONGEST]).ents:
            if entity.label_ == "PERSON":
                yield from (word for word in WORD.findall(entity.text) if word[0].isupper())


def _listed(text: str) -> Iterator[str]:
    """First names of the list, and the capitalised word after one."""
    words = list(WORD.finditer(text))
    for number, word in enumerate(words):
        if word[0][0].isupper() and word[0].lower() in known_first_names():
            yield word[0]
            after = words[number + 1] if number + 1 < len(words) else None
            if after and text[word.end() : after.start()] == " " and after[0][0].isupper() and not after[0].isupper():
                yield after[0]


@cache
def known_first_names() -> frozenset[str]:
    """First names of a list (Faker's for the United States) in lower case, without those that are mostly words."""
    return frozenset(name.lower() for name in (*first_names("en_US", True), *first_names("en_US", False))) - ALSO_WORDS


def locale_of(language: str | None) -> str:
    """The locale that made-up names of a language are taken from."""
    locales = {"de": "de_DE", "fr": "fr_FR", "es": "es_ES", "it": "it_IT", "pt": "pt_BR", "nl": "nl_NL", "pl": "pl_PL"}
    return locales.get(language or "en", "en_US")
