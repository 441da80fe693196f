"""A page's authors: names from its head, its JSON-LD or its byline."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain

from pipelines.extract.blocks.characters import unescape
from pipelines.extract.metadata.days import month_number
from pipelines.extract.metadata.elements import AUTHOR_WORDS, Element

NAME_END = re.compile(r"\n|\s[|•·–—/-]\s|[|•·]|\s+\d|\(|,\s*$|@|https?:")
PREPOSITIONS = ("by", "von", "vom", "por", "par", "di", "door", "av", "af", "od", "от", "przez")
"""Of the languages in which a byline often begins with one."""
PREFIX = re.compile(
    r"^(?:[^\W\d_]+\s+){0,2}[^\W\d_]*:\s*"  # "Text und Fotos:", "Autor:"
    rf"|^(?:[^\W\d_]+\s+){{0,2}}?(?:{'|'.join(PREPOSITIONS)})\s+",
    re.IGNORECASE,
)
"""What stands before a name in a byline."""
BETWEEN = re.compile(r"\s*[;&\n]\s*|,\s+(?=\w+ \w)|\s+(?:and|und|et|y|e|i|и|og|och|en)\s+(?=[^\W\d_a-z])")
ORDERED = re.compile(r"([^,]+),\s*([^,]+)")
"""Last name, first name."""
LONGEST = 60
MOST_WORDS = 7
MOST = 8
"""Authors."""


def choose_authors(
    stated: Iterable[Sequence[str]], elements: Sequence[Element], links: Iterable[Element], site: str
) -> str:
    """Names of one source, joined by "; ": of those in ``stated`` the first with a name, else of the byline, else the
    text of the first link to an author.

    A source that only names the site gives way to one that names somebody.
    """
    fallback = ""
    for names in chain(stated, _bylines(elements), ([link.text] for link in links)):
        clean = [
            name for given in names for each in BETWEEN.split(unescape(given).strip()) if (name := clean_name(each))
        ]
        clean = list(dict.fromkeys(clean))[:MOST]
        if clean and [_compact(name) for name in clean] == [_compact(site)]:
            fallback = fallback or clean[0]
        elif clean:
            return "; ".join(clean)
    return fallback


def clean_name(text: str) -> str:
    """A name without what stands around it in a byline; empty if it can be none."""
    if "://" in text:
        return ""
    text = PREFIX.sub("", text.strip(), count=1)
    name = NAME_END.split(text, maxsplit=1)[0].strip(" \t,;:.-–—|\"'“”")
    words = name.split()
    if (
        not words
        or len(name) > LONGEST
        or len(words) > MOST_WORDS
        or name[0].isdigit()
        or not any(map(str.isalpha, name))
    ):
        return ""
    return " ".join(words)


def cited(names: Sequence[str]) -> list[str]:
    """Names as people are called, of those that catalogues begin with the last name."""
    found = [ORDERED.fullmatch(name.strip()) for name in names]
    return [f"{each[2]} {each[1]}" if each else name for each, name in zip(found, names, strict=True)]


def _is_byline(text: str) -> bool:
    """Whether there is a name, and not only what stands beside one: "By", "Author", the month of a day."""
    name = clean_name(text).casefold()
    return bool(name) and name not in (*PREPOSITIONS, *AUTHOR_WORDS) and month_number(name, "en") is None


def _bylines(elements: Sequence[Element]) -> Iterable[Sequence[str]]:
    """Names in elements that are called author or byline: the links in them, else their text."""
    for element in elements:
        if element.attributes.get("content") and element.name == "meta":
            continue
        links = [link.text for link in element.links if link.text]
        names = [text for text in links if _is_byline(text)]
        if links and names and len(" ".join(names)) * 3 >= len(element.text) - len(" ".join(names)):
            yield names
        yield [line for line in element.text.split("\n") if _is_byline(line)][:1]


def _compact(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
