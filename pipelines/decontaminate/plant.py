"""Benchmark items as they turn up in documents: as they are, in other dress, and changed."""

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

_SPACE = re.compile(r"\s+")
_MARKS = re.compile(r"[^\w\s]+")
_JOINING = frozenset(".,:;")
"""Marks that may keep two letters or digits together (`filters.lexing.hashed_words`), as apostrophes always do."""
_APOSTROPHES = frozenset("'’")
_OTHER_WORDS = ("meanwhile", "orchard", "quietly", "seventeen", "lantern", "beyond", "copper", "willow")

Edit = Callable[[str, random.Random], str]


def as_it_is(item: str, rng: random.Random) -> str:
    """The item, verbatim."""
    return item


def other_case_and_punctuation(item: str, rng: random.Random) -> str:
    """Capitals, small letters or headline case; other marks between words, or none. The words stay apart."""
    case = rng.choice((str.upper, str.lower, str.title, str.swapcase))
    return case(_MARKS.sub(lambda found: _other_marks(item, found, rng), item))


def other_white_space(item: str, rng: random.Random) -> str:
    """Line breaks, tabs, wide and no-break spaces in place of white space."""
    return _SPACE.sub(lambda _: rng.choice((" ", "  ", "\n", "\n\n", "\t", "\u00a0", " \n ", "\u3000")), item)


def one_word(item: str, rng: random.Random) -> str:
    """One word is another."""
    return _substitute(item, 1, rng)


def two_words(item: str, rng: random.Random) -> str:
    """Two words are others."""
    return _substitute(item, 2, rng)


def tenth_of_words(item: str, rng: random.Random) -> str:
    """A tenth of the words, at least one, are others."""
    return _substitute(item, max(1, round(len(item.split()) / 10)), rng)


def first_half(item: str, rng: random.Random) -> str:
    """The first half of the words, rounded up."""
    words = item.split()
    return " ".join(words[: (len(words) + 1) // 2])


EDITS: Mapping[str, Edit] = {
    "verbatim": as_it_is,
    "case": other_case_and_punctuation,
    "space": other_white_space,
    "inside": as_it_is,
    "1 word": one_word,
    "2 words": two_words,
    "10 %": tenth_of_words,
    "half": first_half,
}
"""What is done to items before they are planted. The first four lose no word: nothing may be missed there."""

LOSSLESS = ("verbatim", "case", "space", "inside")
"""The edits after which every item has to be found."""


def plant(document: str, item: str, within_paragraph: bool, rng: random.Random) -> str:
    """The document with the item as a paragraph of its own, or between two words of a paragraph."""
    gaps = [found.span() for found in (_SPACE if within_paragraph else re.compile(r"\n+")).finditer(document)]
    start, end = rng.choice(gaps) if gaps else (len(document), len(document))
    around = " " if within_paragraph else "\n\n"
    return f"{document[:start]}{around}{item}{around}{document[end:]}"


def _other_marks(text: str, found: re.Match[str], rng: random.Random) -> str:
    """Another mark; next to white space perhaps none. A mark between two words stays one that keeps them apart."""
    if any(unicodedata.category(mark)[0] not in "PS" or unicodedata.category(mark) == "Pc" for mark in found[0]):
        return found[0]  # accents, joiners and ties belong to the word that they stand in
    start, end = found.span()
    inside = start > 0 and end < len(text) and not text[start - 1].isspace() and not text[end].isspace()
    if not inside:
        return rng.choice(("", ".", "!", "…", ";"))
    if found[0] in _JOINING or _APOSTROPHES.issuperset(found[0]):
        return found[0]
    return rng.choice(("–", " – ", " / ", "—"))


def _substitute(item: str, count: int, rng: random.Random) -> str:
    words = item.split()
    places = [place for place, word in enumerate(words) if any(map(str.isalnum, word))]
    for place in rng.sample(places, min(count, len(places))):
        words[place] = rng.choice(_OTHER_WORDS)
    return " ".join(words)
