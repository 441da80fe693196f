"""Words by spaCy's rules for a language, as datatrove splits them."""

from collections.abc import Sequence
from itertools import accumulate
from typing import cast

import spacy
from spacy.tokenizer import Tokenizer

BREAKS_SPACY = "IS_ALPHA"
"""A token of this text raises in spaCy (a symbol's name taken for its number); datatrove leaves it out of the text."""


class SpacySplitter:
    """Splits chunks with the tokenizer of ``spacy.blank(language)``.

    spaCy splits at white space first and treats each chunk by itself
    (https://spacy.io/usage/linguistic-features#how-tokenizer-works).
    """

    def __init__(self, language: str) -> None:
        self._pipeline = spacy.blank(language)

    @property
    def tokenizer(self) -> Tokenizer:
        """spaCy's tokenizer: its expressions and special cases."""
        return cast(Tokenizer, self._pipeline.tokenizer)

    def __call__(self, chunks: Sequence[str]) -> list[list[str]]:
        """The words of each chunk."""
        chunks = [chunk.replace(BREAKS_SPACY, "") for chunk in chunks]
        ends = list(accumulate(len(chunk) + 1 for chunk in chunks))
        split: list[list[str]] = [[] for _ in chunks]
        chunk = 0
        # One call for all: making a Doc costs more than splitting a chunk. A line break stays a token of its own.
        with self._pipeline.memory_zone():
            for token in self.tokenizer("\n".join(chunks)):
                while token.idx >= ends[chunk]:
                    chunk += 1
                if not token.is_space:
                    split[chunk].append(token.text)
        return split
