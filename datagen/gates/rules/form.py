"""Format: items, sentences, no markup (AFM R33)."""

import re

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.text import sentences, words
from datagen.products.summary import Summary

MARKUP = re.compile(
    r"\*\*|__|`|^#{1,6} |</?[a-z][a-z0-9]*[ >]|\[[^\]]+\]\(|^\s*(?:[-*•]|\d{1,2}[.)])\s|\|.*\|", re.MULTILINE
)
"""Markdown, HTML, and marks of lists inside a piece of text."""
LEFTOVER = re.compile(
    r"^[\"'“{\[(]*(?:summary|title|reason|answer|bullets?|replies|reply|priority)[\"'”]? ?:", re.IGNORECASE
)
"""The name of the field said again."""
PLACEHOLDER = re.compile(r"\[[A-Za-z ]{2,30}\]|\{[a-z_]+\}|<[a-z_ ]{2,30}>|\bXX+\b|\blorem ipsum\b", re.IGNORECASE)
"""What a person was to fill in."""
UNFINISHED = re.compile(
    r"(?:[:,;(/–—-]|(?<![\w-])(?:and|or|but|nor|than|as|the|a|an|because|whose|their|its|his))$", re.IGNORECASE
)
"""What only the beginning of a text ends with. Prepositions may end one: "what they waited for"."""
FEWEST_WORDS = 2
"""Of a bullet: a word alone says nothing of the payload."""


class FormGate(EachSummary):
    """Rejects answers that are not of the product's form."""

    name = "form"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is the number of items or sentences where that is wrong, else of faults."""
        texts, product = sample.answer.texts(), sample.product
        faulty = next((fault for text in texts if (fault := self._fault(text, sample))), None)
        if faulty is not None:
            return faulty
        if product.items and not product.items.holds(len(texts)):
            return self.failed(len(texts), f"{product.items.describe()} items", "wrong_number_of_items")
        count = sum(len(sentences(text)) for text in texts)
        if product.sentences and not product.sentences.holds(count):
            return self.failed(count, f"{product.sentences.describe()} sentences", "wrong_number_of_sentences")
        if product.form == "title" and (texts[0].endswith((".", "。")) or "\n" in texts[0]):
            return self.failed(1, "a line without a full stop", "title_is_a_sentence")
        return self.passed(count, product.sentences.describe() + " sentences" if product.sentences else "any form")

    def _fault(self, text: str, sample: Summary) -> Verdict | None:
        """What is wrong with one piece of text by itself."""
        for pattern, reason in ((LEFTOVER, "field_name"), (MARKUP, "markup"), (PLACEHOLDER, "placeholder")):
            found = pattern.search(text)
            if found and found[0] not in sample.source:
                return self.failed(1, "no markup or placeholder", reason, found[0].strip())
        if not text:
            return self.failed(0, "no empty item", "empty_item")
        if UNFINISHED.search(text):
            return self.failed(1, "no text that only begins", "unfinished", text[-40:])
        if sample.product.form == "bullets" and len(words(text)) < FEWEST_WORDS:
            return self.failed(1, f">= {FEWEST_WORDS} words in a bullet", "fragment", text)
        return None
