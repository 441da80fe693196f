"""Days, periods and parts of the day in English texts: ``tomorrow``, ``next week``, ``in the evening``."""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from email.utils import parsedate

from datagen.gates.grounding.quantities import Stated, quantities, stated
from schemas.payload import Part, Payload

TOMORROW = r"tom+[oa]r+[oa]?w?|tmrw?|tml|tmw|2m[oa]?r+[oa]?w?"
"""As people spell it: ``tommorow``, ``tmr``, ``2moro``."""
NIGHT = r"ton(?:ight|ite|ght)|2nite|2night"
POINTS = {
    "day_after_tomorrow": rf"day after (?:{TOMORROW})",
    "day_before_yesterday": r"day before yesterday",
    "tomorrow": TOMORROW,
    "yesterday": r"yest(?:e?r?day)?|last (?:night|evening)",
    "today": rf"today|2day|tdy|{NIGHT}|this (?:early |late )?(?:morning|afternoon|evening|night)",
}
"""Names of days to how they are written: "tonight" is today, "last night" was yesterday."""
ALSO = {
    "tomorrow": r"(?:next|following) (?:day|morning)|in the morning",
    "yesterday": r"ytd|(?:previous|other) day|(?:day|night) before",
    "today": r"this [ap]\.?m",
}
"""What may mean them in a payload; in a summary it may mean other days, so that nothing is asked of it."""


def _any_of(points: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(rf"\b(?P<{name}>{written})s?\b" for name, written in points.items()), re.IGNORECASE)


POINT = _any_of(POINTS)
ANY_POINT = _any_of({name: f"{written}|{ALSO[name]}" if name in ALSO else written for name, written in POINTS.items()})
EVENING = (
    re.compile(rf"\b(?:evenings?|nights?|{NIGHT}|dinner|supper|bed|p\.?m)\b", re.IGNORECASE),
    range(17 * 60, 24 * 60),
)
PARTS = {
    "morning": (
        re.compile(r"\b(?:mornings?|mornin|breakfast|brunch|dawn|early|a\.m|this am)\b", re.IGNORECASE),
        range(4 * 60, 12 * 60 + 1),
    ),
    "afternoon": (re.compile(r"\b(?:afternoons?|arvo|lunch|p\.?m)\b", re.IGNORECASE), range(12 * 60, 18 * 60 + 1)),
    "evening": EVENING,
    "night": EVENING,
}
"""Parts of the day to what means them in a payload: words, and times in minutes after midnight ("3 pm" is one)."""
PART = re.compile(
    r"\b(?:in the|this|at|last|early|late|tomorrow|yesterday|(?:mon|tues|wednes|thurs|fri|satur|sun)day) "
    rf"(?P<part>{'|'.join(PARTS)})\b",
    re.IGNORECASE,
)
NEXT, THIS, LAST = "next", "this", "last"
SIDES: Mapping[str, tuple[str, ...]] = {
    "next": (NEXT,),
    "last": (LAST,),
    "past": (LAST,),
    "this": (THIS,),
    "current": (THIS,),
    "coming": (NEXT, THIS),
    "upcoming": (NEXT, THIS),
}
"""Words before a period to what they may mean."""
ANY_SIDE = (NEXT, THIS, LAST)
ALSO_SIDES = SIDES | {"another": (NEXT,), "following": (NEXT,), "previous": (LAST,), "the": ANY_SIDE}
"""The same in a payload, where more of them may be meant."""
UNITS = {"week": "week", "wk": "week", "month": "month", "year": "year", "yr": "year"}
PERIOD = re.compile(
    rf"\b(?:(?P<side>{'|'.join(ALSO_SIDES)})[ -])?(?:(?P<weekend>(?:week|wk)-?end)|(?P<unit>{'|'.join(UNITS)})"
    r"|(?P<weekday>mon|tue|wed|thu|fri|sat|sun)(?:days?|s|sday|nesday|rs?|rsday|urday)?)(?:['’]?s)?\b",
    re.IGNORECASE,
)
"""A period with or without such a word."""
FROM_NOW = re.compile(rf"\b(?P<ahead>in )?(?:a|one|1) (?P<unit>{'|'.join(UNITS)})(?P<ago> ago)?\b", re.IGNORECASE)
YEAR = re.compile(r"\b(?:19|20)\d\d\b")
STAMP = re.compile(r"^\W*(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})")
"""A date as exports of messengers have it, in any order."""
YEARS = range(1970, 2100)
"""Of messages."""


@dataclass(frozen=True)
class Told:
    """A day, period or part of the day that a text tells."""

    meanings: frozenset[str]
    """What it may mean: ``tomorrow``, ``next week``, ``last fri``, ``evening``."""
    text: str
    start: int


def told(text: str) -> list[Told]:
    """What a text tells, in order."""
    found = [Told(frozenset((m.lastgroup or "",)), m[0], m.start()) for m in POINT.finditer(text)]
    for period in PERIOD.finditer(text):
        sides = SIDES.get((period["side"] or "").lower(), ())
        if sides:
            found.append(Told(frozenset(f"{side} {_unit(period)}" for side in sides), period[0], period.start()))
    found += [Told(frozenset((m["part"].lower(),)), m[0], m.start()) for m in PART.finditer(text)]
    return sorted(found, key=lambda one: one.start)


def meant(payload: Payload) -> frozenset[str]:
    """What a payload may mean, generously: a weekday may be of any week.

    What was sent on a day that is known may name those around it: "December 4" of a mail of the 3rd is tomorrow. An
    article is of a day that is not known: what is told of this week is its own, and a month that it names may be next.
    """
    text = "\n".join(said for part in payload.parts for said in (part.title, part.text) if said)
    named = stated(text)
    found = {m.lastgroup or "" for m in ANY_POINT.finditer(text)}
    found |= {day for part in payload.parts for day in _named_by_date(part)}
    if found or named.weekdays:
        found.add(f"{THIS} week")
    found |= {f"{side} {unit}" for side, unit in _periods(text, named)}
    found |= {part for part, (word, times) in PARTS.items() if word.search(text) or not named.times.isdisjoint(times)}
    if payload.kind == "article":
        found |= {"today", *(f"{THIS} {unit}" for unit in ("week", "weekend", "month", "year"))}
        dated = {"month": any(q.kind in ("month", "date") for q in quantities(text)), "year": YEAR.search(text)}
        found |= {f"{side} {unit}" for unit, has in dated.items() if has for side in ANY_SIDE}
    return frozenset(found)


def _unit(period: re.Match[str]) -> str:
    return "weekend" if period["weekend"] else (period["weekday"] or UNITS[period["unit"].lower()]).lower()


def _periods(text: str, named: Stated) -> Iterator[tuple[str, str]]:
    """The periods of a payload, each with the sides that it may be on."""
    for period in PERIOD.finditer(text):
        sides = ALSO_SIDES.get((period["side"] or "").lower(), () if period["unit"] else ANY_SIDE)
        if period["weekday"] and LAST not in sides:
            # "This Friday" and "next Friday" are the same to many.
            sides = (THIS, NEXT)
        yield from ((side, _unit(period)) for side in sides)
    for period in FROM_NOW.finditer(text):
        if period["ahead"] or period["ago"]:
            yield LAST if period["ago"] else NEXT, UNITS[period["unit"].lower()]
    if not named.weekdays.isdisjoint((5, 6)):  # Saturday and Sunday
        yield from ((side, "weekend") for side in ANY_SIDE)


def _named_by_date(part: Part) -> Iterator[str]:
    """The days, months and years around that of sending that a part names: by their weekday, date or number."""
    named = stated(f"{part.title or ''}\n{part.text}")
    for sent in _sent_on(part.sent_at or ""):
        for name, shift in (("yesterday", -1), ("today", 0), ("tomorrow", 1)):
            day = sent + timedelta(days=shift)
            if day.weekday() in named.weekdays or (day.month in named.months and day.day in named.numbers):
                yield name
        for side, shift in ((LAST, -1), (THIS, 0), (NEXT, 1)):
            if (sent.month - 1 + shift) % 12 + 1 in named.months:
                yield f"{side} month"
            if sent.year + shift in named.numbers:
                yield f"{side} year"


def _sent_on(sent_at: str) -> Iterator[date]:
    """The days that it may be: of a mail's header one, of another date each order of day, month and year."""
    header, stamp = parsedate(sent_at), STAMP.match(sent_at)
    readings = [header[:3]] if header else []
    if stamp:
        first, second, third = map(int, stamp.groups())
        readings += [(first, second, third), (third, first, second), (third, second, first)]
    for year, month, day in readings:
        full = year if year > 99 else 2000 + year
        # What is no date was meant in another order.
        if full in YEARS and 1 <= month <= 12 and 1 <= day <= monthrange(full, month)[1]:
            yield date(full, month, day)
