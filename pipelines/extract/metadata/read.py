"""What a page says of itself: title, author, day, language, canonical address, site."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import chain
from typing import NamedTuple
from urllib.parse import urljoin

from pipelines.extract.blocks.tokens import Tokens
from pipelines.extract.metadata.authors import choose_authors, cited
from pipelines.extract.metadata.days import day_in_text, day_in_url, day_of_statement, day_of_value
from pipelines.extract.metadata.elements import AUTHOR, AUTHOR_LINK, DAY, PAGE, Element, PageElements
from pipelines.extract.metadata.linked_data import LinkedData, read_linked_data
from pipelines.extract.metadata.names import AUTHOR_NAMES, CITED_AUTHOR, MODIFIED, PUBLISHED
from pipelines.extract.metadata.titles import choose_title, site_in_title
from pipelines.extract.page import Extracted
from pipelines.read.decode import remove_unsafe

MAX_VALUE = 1_000
"""Characters; longer values are cut."""
HOST = re.compile(r"https?://([^/:?#@\[]+)", re.IGNORECASE)
NOT_DAYS = ("meta", "body", "html", "main", "script", "input", "article", "form", "select")
MOST_DAYS = 40
NEAR, FAR = 2_000, 8_000
"""Bytes of text behind a heading, and of the whole page, in which a day is looked for."""
BEFORE = 12
"""Tokens before a heading in which it is looked for too."""


class _Context(NamedTuple):
    """What days are read with: the page's language, and the latest day that can be meant."""

    language: str
    latest: str


def read_metadata(tokens: Tokens, url: str | None, fetched: date | None = None) -> Extracted:
    """What the page's head, JSON-LD, heading and byline say; the text is empty. No day is after that of fetching."""
    page = PageElements(tokens)
    meta, linked = _meta(page.of(PAGE, "meta")), read_linked_data(_statements(page))
    root = next(page.of(PAGE, "html"), None)
    attributes = root.attributes if root else {}
    language = _line(attributes.get("lang") or attributes.get("xml:lang") or meta.get("content-language"))
    whole, hosts = next((each.text for each in page.of(PAGE, "title")), ""), _host(url)
    named = meta.get("og:site_name") or meta.get("application-name") or linked.site
    site = _line(named or site_in_title(whole, hosts)) or ""
    titles = [each for each in (meta.get("og:title"), linked.headline, whole) if each]
    headings = [each.text for each in page.of(PAGE, "h1")]
    canonical = next((e.attributes.get("href") for e in page.of(PAGE, "link") if _is_canonical(e)), None)
    return Extracted(
        text="",
        title=_line(choose_title(titles, headings, [site, linked.site, *hosts])),
        author=_line(_author(page, meta, linked, site)),
        date=_date(page, meta, linked, url, _Context(language or "", (fetched or date.max).isoformat())),
        language=language,
        canonical_url=_absolute(canonical or meta.get("og:url"), url),
        site_name=site or None,
    )


def _meta(elements: Iterable[Element]) -> dict[str, str]:
    """Values of ``<meta>`` by their names in lower case, the first of each."""
    found: dict[str, str] = {}
    for element in elements:
        attributes = element.attributes
        content = attributes.get("content")
        if content:
            for kind in ("property", "name", "itemprop", "http-equiv"):
                for name in attributes.get(kind, "").lower().split():
                    found.setdefault(name, content[:MAX_VALUE])
    return found


def _statements(page: PageElements) -> Iterator[str]:
    return (each.content for each in page.of(PAGE, "script"))


def _is_canonical(link: Element) -> bool:
    return "canonical" in link.attributes.get("rel", "").lower().split()


def _is_named(element: Element) -> bool:
    return element.attributes.get("name", "").lower() == CITED_AUTHOR


def _author(page: PageElements, meta: dict[str, str], linked: LinkedData, site: str) -> str:
    stated = ([meta[name]] if name in meta else [] for name in AUTHOR_NAMES)
    elements = [each for each in page.of(AUTHOR) if each.name not in ("body", "html", "article", "main", "script")]
    cited_names = cited([each.attributes.get("content", "") for each in page.of(PAGE, "meta") if _is_named(each)])
    return choose_authors([linked.authors, *stated, cited_names], elements[:20], page.of(AUTHOR_LINK), site)


def _date(
    page: PageElements, meta: dict[str, str], linked: LinkedData, url: str | None, within: _Context
) -> str | None:
    """The day of publication, the surest source first."""
    elements = [each for each in page.of(DAY) if each.name not in NOT_DAYS][:MOST_DAYS]
    marked = (each.attributes.get("datetime") or each.attributes.get("content") for each in elements if each.is_marked)
    stated = chain((meta.get(name) for name in PUBLISHED), [linked.published], marked)
    given = (day_of_statement(value, within.language, within.latest) for value in stated)
    shown = (day_in_text(each.text[:200], within.language, within.latest) for each in elements)
    changed = (day_of_value(value) for value in (*(meta.get(name) for name in MODIFIED), linked.modified))
    data = (day_of_value(value) for value in page.published())
    written = (day_in_text(text, within.language, within.latest) for text in _texts(page))
    days = chain(given, [day_in_url(url)], shown, changed, written, data)
    return next((day for day in days if day and day <= within.latest), None)


def _texts(page: PageElements) -> Iterator[str]:
    """The texts that follow each heading or stand right before it, then those of the whole page."""
    for heading in list(page.of(PAGE, "h1"))[:3]:
        yield page.text_between(heading.token, len(page.tokens), NEAR)
        yield page.text_between(max(heading.token - BEFORE, 0), heading.token, NEAR)
    yield page.text_between(0, len(page.tokens), FAR)


def _host(url: str | None) -> list[str]:
    """The names that an address gives a site, such as ``example.org`` and ``example``."""
    host = HOST.match(url or "")
    name = host[1].lower().removeprefix("www.") if host else ""
    return [name, *name.split(".")[:-1]] if name else []


def _line(value: str | None) -> str | None:
    """One line without space around it, and without what is no text (JSON can spell it); None where nothing is left."""
    return " ".join(remove_unsafe(value[:MAX_VALUE]).split()) or None if value else None


def _absolute(address: str | None, base: str | None) -> str | None:
    """The address resolved against the page's own; nothing where the result is not one of the web."""
    if not address:
        return None
    try:
        resolved = urljoin(base or "", address.strip())
    except ValueError:  # a malformed host, such as "http://[/"
        return None
    return resolved if resolved.startswith(("http://", "https://")) else None
