"""Words by spaCy's rules for a language, as datatrove splits them."""

from collections.abc import Sequence
from itertools import accumulate
from typing import cast

import spacy
from spacy.tokenizer import Tokenizer

BREAKS_SPACY = "IS_ALPHA"
"""A token of this text raises in spaCy (a symbol's name taken for its number); datatrove leaves it out of the text."""


LONGEST_CHUNK = 2_000
"""Characters after which a chunk is cut before it is split: spaCy's rules take time with the square of its length.

The longest chunk of 3,266 real pages has 1,693 characters; a page of brackets would keep spaCy busy for hours.
"""


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
        pieces = [(number, piece) for number, chunk in enumerate(chunks) for piece in cut(chunk)]
        ends = list(accumulate(len(piece) + 1 for _, piece in pieces))
        split: list[list[str]] = [[] for _ in chunks]
        position = 0
        # One call for all: making a Doc costs more than splitting a chunk. A line break stays a token of its own.
        with self._pipeline.memory_zone():
            for token in self.tokenizer("\n".join(piece for _, piece in pieces)):
                while token.idx >= ends[position]:
                    position += 1
                if not token.is_space:
                    split[pieces[position][0]].append(token.text)
        return split


def cut(chunk: str) -> list[str]:
    """The chunk in pieces that spaCy can take."""
    chunk = chunk.replace(BREAKS_SPACY, "")
    return [chunk[start : start + LONGEST_CHUNK] for start in range(0, len(chunk), LONGEST_CHUNK)]
