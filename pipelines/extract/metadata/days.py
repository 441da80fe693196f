"""Days in values and texts: ISO 8601, figures in the order of the language, names of months in the page's language."""

import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from pipelines.extract.metadata.months import months

ISO = re.compile(r"(?<!\d)((?:19|20)\d\d)([-/.]?)(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?!\d)")
FIGURES = re.compile(r"(?<![\d.])(\d{1,2})([./-])(\d{1,2})\2((?:19|20)?\d\d)(?!\d)")
EAST_ASIAN = re.compile(r"((?:19|20)\d\d)\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
NAMED = re.compile(
    r"(?<!\w)(\d{1,2})(?:\.|st|nd|rd|th|er|º|ª)?(?:\s+de)?[\s/-]+([^\W\d_]{3,12})\.?,?(?:\s+del?)?[\s/-]+((?:19|20)\d\d)(?!\d)"
)
YEAR_FIRST = re.compile(r"(?<![\w.])((?:19|20)\d\d)[\s-]+([^\W\d_]{3,12})\.?[\s-]+(\d{1,2})(?!\d)")
NAMED_FIRST = re.compile(r"(?<!\w)([^\W\d_]{3,12})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+((?:19|20)\d\d)(?!\d)")
IN_PATH = re.compile(
    r"[/._-]((?:19|20)\d\d)[/._-](0?[1-9]|1[0-2])[/._-](0?[1-9]|[12]\d|3[01])(?!\d)"
    r"|[/_-]((?:19|20)\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)"
)
ARCHIVE = re.compile(r"^https?://web\.archive\.org/web/\d+[a-z_]*/")
"""Its own date is not the page's."""
MONTH_FIRST = ("", "en", "en-us", "en_us", "es-us", "fil")
"""Languages in which figures with slashes begin with the month, if both orders are possible."""
LANGUAGES = (
    "de", "fr", "es", "it", "pt", "nl", "pl", "ru", "uk", "el", "tr", "cs", "sk", "sv", "da", "nb", "fi", "hu", "ro",
    "id", "hr",
)  # fmt: skip
"""Whose names of months are known whatever a page declares."""
SIGN = re.compile(r"[0-9](?:[./-][0-9]{1,2}[./-][0-9][0-9]|(?:(?<=1)9|(?<=2)0)[0-9][0-9])")
"""A year, or figures between marks: every day has one of these, and most texts have none. That both begin with a figure
lets the search skip all else, three times as fast."""
LONGEST_LINE = 2_000
EARLIEST = date(1990, 1, 1)


def day_of_value(value: str | None) -> str | None:
    """The day at the start of a value that a machine should read, as YYYY-MM-DD."""
    if not value:
        return None
    return _day(found[1], found[3], found[4]) if (found := ISO.match(value.strip())) else None


def day_of_statement(value: str | None, language: str, latest: str) -> str | None:
    """The day of a value that may be meant for people as well: "2024-06-30", "2024 Jun 30", "June 30, 2024"."""
    return day_of_value(value) or (day_in_text(value, language, latest) if value else None)


def day_in_url(url: str | None) -> str | None:
    """The day in an address, such as ``/2023/04/05/``."""
    found = IN_PATH.search(ARCHIVE.sub("/", url or ""))
    return _day(*(part for part in found.groups() if part)) if found else None


def day_in_text(text: str, language: str, latest: str) -> str | None:
    """The first day in a text for people, YYYY-MM-DD, that is not after ``latest``."""
    for line in _lines_with_sign(text):
        days = ((place, day) for place, day in _days_in(line[:LONGEST_LINE], language) if day and day <= latest)
        if found := min(days, default=None):
            return found[1]
    return None


def _lines_with_sign(text: str) -> Iterator[str]:
    end = 0
    while found := SIGN.search(text, end):
        end = text.find("\n", found.end())
        end = len(text) if end < 0 else end
        yield text[text.rfind("\n", 0, found.start()) + 1 : end]


def _days_in(text: str, language: str) -> Iterable[tuple[int, str | None]]:
    for found in ISO.finditer(text):
        if found[2]:
            yield found.start(), _day(found[1], found[3], found[4])
    for found in EAST_ASIAN.finditer(text):
        yield found.start(), _day(*found.groups())
    for found in FIGURES.finditer(text):
        year = found[4] if len(found[4]) == 4 else f"20{found[4]}"
        month_first, day_first = _day(year, found[1], found[3]), _day(year, found[3], found[1])
        both = (day_first, month_first) if _day_comes_first(found[2], language) else (month_first, day_first)
        yield from ((found.start() + place, day) for place, day in enumerate(both))
    for found in NAMED.finditer(text):
        yield found.start(), _day(found[3], month_number(found[2], language), found[1])
    for found in YEAR_FIRST.finditer(text):
        yield found.start(), _day(found[1], month_number(found[2], language), found[3])
    for found in NAMED_FIRST.finditer(text):
        yield found.start(), _day(found[3], month_number(found[1], language), found[2])


def _day_comes_first(mark: str, language: str) -> bool:
    """Between figures with slashes, English pages mostly mean the month first, unless they say which English."""
    return mark != "/" or language.lower() not in MONTH_FIRST


def month_number(name: str, language: str) -> str | None:
    """1 to 12 for a month's name or abbreviation in a language, or in English, or for a name in any of LANGUAGES; None
    for any other word. Pages often declare another language than they are in."""
    folded = name.casefold().rstrip(".")
    for code in (language.split("-", maxsplit=1)[0].split("_", maxsplit=1)[0].lower(), "en"):
        number = months().get(code, {}).get(folded)
        if number:
            return str(number)
    number = _months_of_all().get(folded)
    return str(number) if number else None


@cache
def _months_of_all() -> dict[str, int]:
    """Names of months in LANGUAGES, but those that mean another month elsewhere."""
    names: dict[str, int] = {}
    for language in LANGUAGES:
        for name, number in months()[language].items():
            names[name] = number if names.get(name, number) == number else 0
    return {name: number for name, number in names.items() if number and len(name) > 3}


def _day(year: str, month: str | None, day: str) -> str | None:
    try:
        found = date(int(year), int(month or 0), int(day))
    except ValueError:
        return None
    return found.isoformat() if found >= EARLIEST else None
