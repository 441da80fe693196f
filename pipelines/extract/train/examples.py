"""Labelled pages as training examples: their blocks, and which of them are content."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from lxml.etree import ParserError
from lxml.html import document_fromstring

from pipelines.extract.assemble.text import block_texts
from pipelines.extract.blocks.blocks import Blocks, find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import Tokens, tokenize
from pipelines.extract.labels import Label
from pipelines.extract.page import Page
from pipelines.extract.scoring import Bag, compare, split_words
from pipelines.extract.train.labels import coverage

Floats = npt.NDArray[np.float32]

COVERED = 0.5
"""Share of a block's words that the truth must have at its place for it to be content."""
PAGE_WEIGHT = 100
"""Of all blocks of a page in training, so that all pages count the same."""
LEAST_F1 = {"full_text": 0.8, "markdown": 0.9, "expected_html": 0.9, "extractor_output": 0.9}
"""That the content blocks of a page must have with its true text, by the kind of label; others teach nothing. Where
they do not, the truth is of another version of the page, or it stands in no block."""


@dataclass(frozen=True, slots=True)
class Example:
    """A page to train or to measure on."""

    label: Label
    tokens: Tokens
    blocks: Blocks
    words: list[list[str]]
    """Of each block."""
    truth: list[str]
    """Of the page's true text; empty where it is not known in full."""
    content: Floats
    """float32[blocks]: 1 for content, else 0."""
    weight: Floats
    """float32[blocks]: how much a block counts in training; at most PAGE_WEIGHT in all, 0 for pages to measure on."""

    @property
    def site(self) -> str:
        """The registered domain, whose pages are never on both sides of a split."""
        return self.label.site or self.label.key

    @property
    def teaches(self) -> bool:
        """Whether it is trained on."""
        return bool(self.weight.any())

    @property
    def is_measured(self) -> bool:
        """Whether an extractor's F1 on it means something."""
        return self.label.has_full_text and bool(self.truth)


def read_page(page: Page) -> tuple[Tokens, Blocks, list[list[str]]]:
    """Tokens, blocks, and the words of each block as they are scored."""
    tokens = tokenize(to_source(page.html))
    blocks = find_blocks(tokens)
    return tokens, blocks, [split_words(text) for text in block_texts(tokens, blocks)]


def true_words(label: Label) -> list[str]:
    """The words of a page's true text; none where only parts of it are known."""
    if label.kind == "expected_html":
        return split_words(_text_of(label.html))
    return split_words(label.text) if label.kind in LEAST_F1 else []


def labelled_blocks(words: Sequence[Sequence[str]], truth: Sequence[str]) -> tuple[Floats, float]:
    """float32[blocks]: 1 for blocks of the true text, else 0; and the F1 that these blocks have."""
    content = (coverage(words, truth) >= COVERED).astype(np.float32)
    kept = [word for block in np.flatnonzero(content).tolist() for word in words[block]]
    return content, compare(Bag(kept), Bag(truth)).f1


def block_weights(words: Sequence[Sequence[str]]) -> Floats:
    """float32[blocks]: how much each counts in training, by the root of its words; PAGE_WEIGHT in all."""
    roots = np.sqrt(np.array([len(block) + 1 for block in words], np.float32))
    return PAGE_WEIGHT * roots / max(roots.sum(), 1)


def _text_of(fragment: str) -> str:
    try:
        root = document_fromstring(fragment)
    except (ParserError, ValueError):
        return ""
    return " ".join(str(text) for text in root.itertext())
