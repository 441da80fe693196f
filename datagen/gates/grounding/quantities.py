"""Numbers, dates, times and amounts in texts, in one form whatever way they are written."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from datagen.gates.grounding.number_words import ORDINALS, OTHERS, WORD, spelled

MULTIPLIERS = {
    "hundred": 1e2,
    "dozen": 12.0,
    **dict.fromkeys(("k", "thousand", "grand"), 1e3),
    "lakh": 1e5,
    **dict.fromkeys(("m", "mn", "mm", "mil", "million", "mln"), 1e6),
    "crore": 1e7,
    **dict.fromkeys(("b", "bn", "billion"), 1e9),
    **dict.fromkeys(("tn", "trillion"), 1e12),
}
MONTHS = [
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
]  # fmt: skip
DAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
MONTH = re.compile(
    r"\b(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
ANY_MONTH = re.compile(
    r"\b(" + "|".join(f"{m[:3]}(?:{m[3:]})?" for m in MONTHS if m != "september") + r"|sept?(?:ember)?)\b",
    re.IGNORECASE,
)
DAY = re.compile(r"\b(Mon|Tues?|Wed(?:nes)?|Thu(?:rs?)?|Fri|Sat(?:ur)?|Sun)(?:(day)s?)?\b", re.IGNORECASE)
NUMBER = re.compile(
    r"(?<![\w.,])(?P<sign>[-–]?)(?P<number>\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)"
    r"(?:\s?(?P<scale>k|thousand|mn|mm|mil|million|mln|m|bn|billion|b|tn|trillion|hundred|lakh|crore|dozen|grand)\b)?"
    r"(?P<rest>st|nd|rd|th|s\b)?",
    re.IGNORECASE,
)
TIME = re.compile(
    r"(?<![\w.,:/])(?P<hour>[01]?\d|2[0-4])(?:[:.h](?P<minute>[0-5]\d))?(?::[0-5]\d)?\s?(?P<half>[ap]\.?\s?m\b\.?|o['’]?\s?clock\b)?",
    re.IGNORECASE,
)
DATE = re.compile(
    r"(?<![\w./-])(?P<month>0?[1-9]|1[0-2])/(?P<day>[0-2]?[1-9]|[123]0|31)(?:/(?P<year>\d{2}|\d{4}))?(?![\w/]|[.,]\d)"
)
DIGITS = re.compile(r"\d+(?:[,\u00a0\u202f]\d{3})*(?:\.\d+)?")
SPACED = re.compile(r"(?<![\d.,])\d{1,3}(?:, \d{3})+(?![\d.,]*\d)")
"""``20, 000``: as spoken text is often written; it may also be a list, so that both are stated."""
COINS = re.compile(r"(\d+) (?:dollars?|euros?|pounds?|bucks) (?:and )?(\d{1,2}) (?:cents?|pence)\b", re.IGNORECASE)
SHORT_DAY = re.compile(r"\b(?:Sun|Sat|Wed|Fri|Mon)\b")
CURRENCY = re.compile(r"[$€£¥₹]")

Kind = Literal["number", "time", "date", "month", "weekday"]


@dataclass(frozen=True)
class Quantity:
    """Something countable that a text states."""

    kind: Kind
    value: float
    """The number; minutes after midnight; 100 * month + day; 1 to 12; 0 (Monday) to 6."""
    text: str
    start: int
    end: int


@dataclass
class Stated:
    """All that a text states, generously: whatever could be meant."""

    numbers: set[float] = field(default_factory=set)
    times: set[int] = field(default_factory=set)
    """Minutes after midnight; of a time without a.m. or p.m. both."""
    months: set[int] = field(default_factory=set)
    weekdays: set[int] = field(default_factory=set)


def quantities(text: str) -> list[Quantity]:
    """What a text states, in order: each number as its most likely kind."""
    found = [*_dates(text), *_months_and_days(text), *_times(text)]
    taken = [(quantity.start, quantity.end) for quantity in found]
    found.extend(q for q in _numbers(text) if all(q.end <= start or q.start >= end for start, end in taken))
    return sorted(found, key=lambda quantity: quantity.start)


def stated(text: str) -> Stated:
    """What a text could be meant to state: every run of digits counts, inside words and dates too."""
    result = Stated()
    for quantity in quantities(text):
        match quantity.kind:
            case "number":
                result.numbers.add(quantity.value)
            case "time":
                result.times |= {int(quantity.value), (int(quantity.value) + 720) % 1440}
            case "month":
                result.months.add(int(quantity.value))
            case "weekday":
                result.weekdays.add(int(quantity.value))
    for run in DIGITS.finditer(text):
        for part in {run[0], *re.split(r"\D", run[0])} - {""}:
            value = float(re.sub(r"[^\d.]", "", part))
            result.numbers.add(value)
            if len(part) == 2 and text[max(0, run.start() - 1) : run.start()] in ("'", "’"):
                result.numbers |= {1900 + value, 2000 + value}
    result.numbers |= {value for _, value in _number_words(text)}
    result.numbers |= {float(re.sub(r"\D", "", run)) for run in SPACED.findall(text)}
    result.numbers |= {int(whole) + int(part) / 100 for whole, part in COINS.findall(text)}
    result.weekdays |= {_day(day) for day in SHORT_DAY.findall(text)}
    for hour, minute in re.findall(r"(?<!\d)(\d{1,2})(?:[:.h](\d{2}))?(?!\d)", text):
        if int(hour) <= 24 and int(minute or 0) < 60:
            minutes = (int(hour) * 60 + int(minute or 0)) % 1440
            result.times |= {minutes, (minutes + 720) % 1440}
    for date in re.finditer(r"(?<!\d)(\d{1,4})[./-](\d{1,2})(?:[./-](\d{1,4}))?(?!\d)", text):
        result.months |= {int(part) for part in date.groups() if part and 1 <= int(part) <= 12}
    for month in ANY_MONTH.finditer(text):
        result.months.add(_month(month[0]))
    result.times |= set(_spoken_times(text))
    return result


def _numbers(text: str) -> Iterator[Quantity]:
    for found in NUMBER.finditer(text):
        written = re.sub(r"[,\u00a0\u202f](?=\d{3}(?:\D|$))", "", found["number"]).replace(",", ".")
        value = float(written) * MULTIPLIERS.get((found["scale"] or "").lower(), 1.0)
        yield Quantity("number", round(value, 6), found[0].strip(), found.start(), found.end())
    for value, start, end in spelled(text):
        yield Quantity("number", value, text[start:end], start, end)


def _number_words(text: str) -> Iterator[tuple[str, float]]:
    """Ordinals and words such as ``dozen``, with each value they may have."""
    for word in WORD.findall(text.lower()):
        if word in ORDINALS:
            yield word, float(ORDINALS[word])
        for value in OTHERS.get(word, ()):
            yield word, float(value)


def _dates(text: str) -> Iterator[Quantity]:
    """``12/31`` and ``12/31/01``, the month first; the year is a number of its own."""
    for found in DATE.finditer(text):
        yield Quantity("date", 100 * int(found["month"]) + int(found["day"]), found[0], found.start(), found.end())
        if found["year"]:
            year = int(found["year"])
            century = 0 if year > 99 else 1900 if year >= 50 else 2000
            yield Quantity("number", century + year, found["year"], found.start("year"), found.end())


def _months_and_days(text: str) -> Iterator[Quantity]:
    for found in MONTH.finditer(text):
        # "May" and "March" begin sentences too; after a preposition or beside a number they are months.
        if found[0] not in ("May", "March", "Mar") or _is_date(text, found):
            yield Quantity("month", _month(found[0]), found[0], found.start(), found.end())
    for found in DAY.finditer(text):
        if found[2] or found[0].istitle():
            if found[2] is None and found[0].lower() in ("sun", "sat", "wed", "fri", "mon"):
                continue
            yield Quantity("weekday", _day(found[1]), found[0], found.start(), found.end())


def _is_date(text: str, found: re.Match[str]) -> bool:
    before, after = text[: found.start()].rstrip().lower(), text[found.end() :].lstrip()
    word = before.rpartition(" ")[2]
    return (
        word in ("in", "of", "by", "since", "until", "last", "next", "on", "to", "from")
        or after[:1].isdigit()
        or word[-1:].isdigit()
    )


def _month(written: str) -> int:
    return 1 + [month[:3] for month in MONTHS].index(written[:3].lower())


def _day(written: str) -> int:
    return [day[:3] for day in DAYS].index(written[:3].lower())


def _times(text: str) -> Iterator[Quantity]:
    """``3 pm``, ``15:00``, ``half past two``: what is surely a time."""
    for found in TIME.finditer(text):
        half, minute = (found["half"] or "").lower().replace(" ", ""), found["minute"]
        colon = minute is not None and ":" in found[0]
        if not half and not colon:
            continue
        hour = int(found["hour"]) % 24
        if half.startswith("p") and hour < 12:
            hour += 12
        if half.startswith("a") and hour == 12:
            hour = 0
        yield Quantity("time", hour * 60 + int(minute or 0), found[0].strip(), found.start(), found.end())


def _spoken_times(text: str) -> Iterator[int]:
    """``half past two``, ``quarter to six``, ``ten to five``: minutes, both halves of the day."""
    hours = r"(\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
    minutes = r"(half|(?:a )?quarter|five|ten|twenty-five|twenty|\d{1,2})"
    for part, side, hour in re.findall(
        rf"\b{minutes}(?: minutes)? (past|after|to|before|till) {hours}\b", text.lower()
    ):
        shift = _spoken(part.removeprefix("a "))
        at = int(_spoken(hour)) * 60 + int(shift if side in ("past", "after") else -shift)
        yield from (at % 1440, (at + 720) % 1440)
    for hour, part in re.findall(rf"\b{hours} (thirty|fifteen|forty-five|forty|twenty|ten)\b", text.lower()):
        at = int(_spoken(hour)) * 60 + int(_spoken(part))
        yield from (at % 1440, (at + 720) % 1440)
    for hour in re.findall(rf"\b(?:at|by|until|till|around|about) {hours}\b|\b{hours} o['’]?clock", text.lower()):
        at = int(_spoken(next(filter(None, hour)))) * 60
        yield from (at % 1440, (at + 720) % 1440)
    if re.search(r"\b(?:noon|midday|midnight)\b", text.lower()):
        yield from (0, 720)


def _spoken(word: str) -> float:
    if word.isdigit():
        return float(word)
    fixed = {"half": 30.0, "quarter": 15.0}
    return fixed[word] if word in fixed else next(spelled(word))[0]
