"""English as gates read it: words with lemma, part of speech and syntax, by a spaCy pipeline."""

from dataclasses import dataclass
from functools import lru_cache

import spacy
from spacy.lang.en.stop_words import STOP_WORDS
from spacy.language import Language
from spacy.pipeline import Lemmatizer
from spacy.tokens import Doc

from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary
from schemas.payload import Payload

LONGEST = 20_000
"""Characters of one part that are read: a bound on time and memory."""
KEPT = 4096
"""Texts whose reading is kept: gates ask for the same one after another."""


class PipelineMissing(ValueError):
    """The spaCy pipeline of a recipe is not installed."""


NOUN_ENDINGS = (
    "tion", "sion", "ment", "ness", "ity", "ance", "ence", "ship", "ware", "word", "ture", "duct", "count", "guage",
    "icy", "agent", "summit", "form", "plan", "result",
)  # fmt: skip
ORIGIN_ENDINGS = ("ish", "ese", "ian", "ean", "can")
"""Of adjectives that stand for a country."""


@dataclass(frozen=True)
class Said:
    """A part of a payload as it was read."""

    sender: str | None
    doc: Doc


class English:
    """Reads texts with a spaCy pipeline that has a tagger, a parser and a lemmatizer."""

    def __init__(self, pipeline: str, kept: int = KEPT) -> None:
        """Load the pipeline by the name of its package or its folder. Raises PipelineMissing."""
        try:
            self._nlp = spacy.load(pipeline, exclude=["ner"])
        except OSError as error:
            raise PipelineMissing(
                f"language_pipeline {pipeline!r} is not installed: pip install 'orchard[summaries]', "
                "or name another English spaCy pipeline or its folder"
            ) from error
        self.ordinary = _ordinary_words(self._nlp)
        """Lower-case words that are verbs, adjectives or adverbs, or nouns by their ending: no names by themselves."""
        self.vocabulary = _vocabulary(self._nlp)
        """Lower-case lemmas that the pipeline knows, stop words too; empty, where it has no lists."""
        self._cached = lru_cache(maxsize=kept)(lambda text: self._nlp(text[:LONGEST]))

    def read(self, text: str) -> Doc:
        """A text with syntax."""
        return self._cached(text)

    def payload(self, payload: Payload) -> list[Said]:
        """Every part of a payload, its title as a sentence before its text."""
        return [Said(part.sender, self.read(_whole(part.title, part.text))) for part in payload.parts]


def _ordinary_words(nlp: Language) -> frozenset[str]:
    """Out of the lemmatizer's lists; none, where the pipeline has no such lists."""
    lemmatizer = nlp.get_pipe("lemmatizer")
    lists = lemmatizer.lookups.get_table("lemma_index", {}) if isinstance(lemmatizer, Lemmatizer) else {}
    nouns = {word for word in lists.get("noun", ()) if word.endswith(NOUN_ENDINGS)}
    others = {word for kind in ("verb", "adj", "adv") for word in lists.get(kind, ())}
    return frozenset(nouns | {word for word in others if not word.endswith(ORIGIN_ENDINGS)})


def _vocabulary(nlp: Language) -> frozenset[str]:
    """All words of the lemmatizer's lists, with the irregular forms; none, where the pipeline has no such lists."""
    lemmatizer = nlp.get_pipe("lemmatizer")
    if not isinstance(lemmatizer, Lemmatizer):
        return frozenset()
    tables = [lemmatizer.lookups.get_table(name, {}) for name in ("lemma_index", "lemma_exc")]
    found = {word for table in tables for words in table.values() for word in words}
    return frozenset(found | STOP_WORDS) if found else frozenset()


def _whole(title: str | None, text: str) -> str:
    return f"{title.rstrip('.')}. {text}" if title else text


def tells_in_english(sample: Summary) -> bool:
    """Whether a summary says in English what its payload says; a reply says what its writer thinks."""
    return sample.product.form != "replies" and language_of(sample.payload.language, sample.source) == "en"
