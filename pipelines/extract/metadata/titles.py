"""A page's title: what it calls itself in its head, without the name of the site, as its heading confirms."""

import re
import unicodedata
from collections.abc import Sequence

SEPARATOR = re.compile(r"\s+(?:[-|–—·•»«:~/]|::|>>|<)\s+|\s*[|»«]\s*")
NOT_WORD = re.compile(r"[\W_]+")
LONGEST = 300


def choose_title(named: Sequence[str], headings: Sequence[str], sites: Sequence[str]) -> str:
    """The title among those that the head gives (the best first) and the ``<h1>`` headings.

    Where a heading and a given title agree, the shorter of them is what readers see: the other has the site's name or a
    rubric besides. Else the best given title, without any of the site's names at its end or start.
    """
    given = [title for title in (_line(each) for each in named) if title]
    seen = [heading for heading in (_line(each) for each in headings) if heading]
    for heading in seen:
        short = normal(heading)
        for title in given:
            if (_agree(short, normal(title)) or short in map(normal, SEPARATOR.split(title))) and _compact(
                short
            ) not in map(_compact, sites):
                cut = len(normal(title)) < len(short) and not title.endswith(("...", "…"))
                return title if cut else heading
    if not given:
        return seen[0] if seen else ""
    return without_site(given[0], sites)


def without_site(title: str, sites: Sequence[str]) -> str:
    """The title without a first or last part that is a name of the site."""
    places = list(SEPARATOR.finditer(title))
    if not places:
        return title
    first, last = _compact(title[: places[0].start()]), _compact(title[places[-1].end() :])
    for site in filter(None, map(_compact, sites)):
        if last and (last in site or site in last):
            return title[: places[-1].start()].strip() or title
        if first and (first in site or site in first):
            return title[places[0].end() :].strip() or title
    return title


def site_in_title(title: str, hosts: Sequence[str]) -> str:
    """The first or last part of a title if it is the name of a host, such as "The Example" of ``example.org``."""
    places = list(SEPARATOR.finditer(title))
    parts = [title[places[-1].end() :], title[: places[0].start()]] if places else []
    names = {_compact(host) for host in hosts}
    return next((part.strip() for part in parts if _compact(part) in names), "")


def _compact(text: str) -> str:
    """Letters and digits in lower case, without accents, as addresses are written."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKD", text.casefold())))


def normal(text: str) -> str:
    """Letters and digits in lower case, a space between words."""
    return NOT_WORD.sub(" ", text.casefold()).strip()


def _agree(heading: str, title: str) -> bool:
    """One of them begins or ends the other, and is the larger part of its own or of four words."""
    if not heading or not title:
        return False
    short, long = sorted((heading, title), key=len)
    if not (long.startswith(short) or long.endswith(short)):
        return False
    return heading == long or len(short) > 15 or 2 * len(short) >= len(long)


def _line(text: str) -> str:
    return " ".join(text[: 2 * LONGEST].split())[:LONGEST]
