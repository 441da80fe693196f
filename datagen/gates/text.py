"""Words and sentences of short texts, for gates."""

import re
from functools import lru_cache

from uniseg.wordbreak import words as segments

QUOTED = re.compile(r"\"[^\"\n]*\"|“[^”\n]*”|„[^“\n]*“|«[^»\n]*»|(?<!\w)'[^'\n]+'(?!\w)|‘[^’\n]*’(?!\w)")
"""What somebody else says."""
SENTENCE_END = re.compile(
    r"(?<!\b[A-Z])(?<!\b(?:Mr|Ms|Dr|St|vs|Jr|Sr))(?<!\b(?:Mrs|etc))[.!?]+[\"'”’)]*(?=\s+[^\sa-z]|\s*$)|[。！？]+[”’）]*"
)
"""A mark before something that can begin a sentence: not before a small letter, as in "3 p.m. on Friday"."""


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text by UAX 29: a Chinese character is one, ``don't`` is one."""
    return tuple(word for word in segments(text) if any(character.isalnum() for character in word))


def sentences(text: str) -> list[str]:
    """The sentences of a short text; a line ends one too. Rough: initials and a few titles end none."""
    found: list[str] = []
    for line in text.splitlines():
        start = 0
        for end in SENTENCE_END.finditer(line):
            found.append(line[start : end.end()].strip())
            start = end.end()
        found.append(line[start:].strip())
    return [sentence for sentence in found if any(character.isalnum() for character in sentence)]


def without_quotes(text: str) -> str:
    """The text without what stands in quotation marks."""
    return QUOTED.sub(" ", text)


def word_list(text: str) -> list[str]:
    """The words of a list that is written as one text."""
    return text.split()


def word_set(text: str) -> frozenset[str]:
    """The words of a set that is written as one text."""
    return frozenset(text.split())
