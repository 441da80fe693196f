"""Words by spaCy's rules for a language, as datatrove splits them."""

from collections.abc import Sequence
from itertools import accumulate
from typing import cast

import spacy
from spacy.tokenizer import Tokenizer

from filters.lexing.pieces import cut


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
