"""What a page's JSON-LD (https://schema.org) says of the page itself."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

MAX_JSON = 200_000
"""Characters; longer JSON-LD is not read."""
MOST_ITEMS = 200
NESTED = ("@graph", "mainEntity", "mainEntityOfPage", "hasPart")
PLACES = ("WebSite", "Organization", "NewsMediaOrganization", "Person", "BreadcrumbList", "ImageObject")
"""Items that are not what a page is about."""


@dataclass(frozen=True, slots=True)
class LinkedData:
    """Facts as they stand there; empty where nothing is said."""

    headline: str = ""
    authors: tuple[str, ...] = ()
    published: str = ""
    modified: str = ""
    site: str = ""


def read_linked_data(statements: Iterable[str]) -> LinkedData:
    """The facts of the page's main item: the first with a day of publication, else the first with an author. Where it
    names none, the authors are those of the next item that does: often a page comes first, and its article behind it.
    """
    items = [item for statement in statements for item in _items(statement)]
    works = [item for item in items if not _types(item) & {*PLACES}]
    main = next((item for item in works if isinstance(item.get("datePublished"), str)), None)
    main = main or next((item for item in works if item.get("author") or item.get("headline")), {})
    signed = next((item for item in (main, *works) if item.get("author") or item.get("creator")), {})
    people = {name: item for item in items if (name := _string(item.get("@id")))}
    site = next((item for item in items if "WebSite" in _types(item)), {})
    return LinkedData(
        headline=_string(main.get("headline")) or _string(main.get("name")),
        authors=tuple(dict.fromkeys(_names(signed.get("author") or signed.get("creator"), people))),
        published=_string(main.get("datePublished")) or _string(main.get("uploadDate")),
        modified=_string(main.get("dateModified")) or _string(main.get("dateCreated")),
        site=next(iter(_names(main.get("publisher"), people)), "") or _string(site.get("name")),
    )


def _items(statement: str) -> Iterator[Mapping[str, object]]:
    if len(statement) > MAX_JSON:
        return
    try:
        parsed = json.loads(without_wrapping(statement), strict=False)
    except (ValueError, RecursionError):  # often broken, sometimes nested to break parsers
        return
    waiting = [parsed]
    for _ in range(MOST_ITEMS):
        if not waiting:
            return
        item = waiting.pop(0)
        if isinstance(item, list):
            waiting = [*item[:MOST_ITEMS], *waiting]
        elif isinstance(item, dict):
            yield item
            waiting += [item[name] for name in NESTED if isinstance(item.get(name), dict | list)]


def without_wrapping(statement: str) -> str:
    """Some pages hide JSON in a comment or CDATA."""
    start, end = statement.find("{"), statement.rfind("}")
    listed = statement.find("[")
    if listed >= 0 and (start < 0 or listed < start):
        start, end = listed, statement.rfind("]")
    return statement[start : end + 1] if start >= 0 else statement


def _types(item: Mapping[str, object]) -> set[str]:
    kinds = item.get("@type")
    return {kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)}


def _string(value: object) -> str:
    return value if isinstance(value, str) else ""


def _names(value: object, people: Mapping[str, Mapping[str, object]]) -> Iterator[str]:
    """Names of people or organisations: written as a name, an object with one, a reference to such, or a list."""
    for each in value[:20] if isinstance(value, list) else [value]:
        found: object = each
        if isinstance(found, dict) and not found.get("name"):
            found = people.get(_string(found.get("@id")), {})
        name = found.get("name") if isinstance(found, dict) else found
        if isinstance(name, list):
            name = name[0] if name else None
        if isinstance(name, str) and name.strip():
            yield name
