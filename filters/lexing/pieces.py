"""Chunks as spaCy can take them."""

BREAKS_SPACY = "IS_ALPHA"
"""A token of this text raises in spaCy (a symbol's name taken for its number); datatrove leaves it out of the text."""

LONGEST_CHUNK = 2_000
"""Characters after which a chunk is cut before it is split: spaCy's rules take time with the square of its length.

The longest chunk of 3,266 real pages has 1,693 characters; a page of brackets would keep spaCy busy for hours.
"""


def cut(chunk: str) -> list[str]:
    """The chunk in pieces that spaCy can take."""
    chunk = chunk.replace(BREAKS_SPACY, "")
    return [chunk[start : start + LONGEST_CHUNK] for start in range(0, len(chunk), LONGEST_CHUNK)]
