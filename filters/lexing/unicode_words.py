"""Words by the Unicode word boundaries (UAX 29), as DCLM splits them."""

from collections.abc import Iterator, Sequence

from uniseg.wordbreak import words

from filters.lexing.narrow_space import NARROW_SPACE, NARROW_SPACE_STAND_IN


def split_unicode_words(chunks: Sequence[str]) -> Iterator[list[str]]:
    """The words of each chunk, punctuation marks among them."""
    for chunk in chunks:
        if chunk.isascii() and chunk.isalnum():
            yield [chunk]
        else:
            parts = words(chunk.replace(NARROW_SPACE_STAND_IN, NARROW_SPACE))
            yield [part for part in parts if part.strip()]
