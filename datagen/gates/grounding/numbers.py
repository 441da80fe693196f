"""Numbers, dates, times, amounts, and days such as "tomorrow", of a summary must stand in the payload."""

import re

from datagen.gates.each import EachSummary
from datagen.gates.gate import Verdict
from datagen.gates.grounding.days import meant, told
from datagen.gates.grounding.english import tells_in_english
from datagen.gates.grounding.number_words import is_number_word
from datagen.gates.grounding.quantities import Quantity, Stated, quantities, stated
from datagen.gates.rules.language import language_of
from datagen.products.summary import Summary

ABOUT = re.compile(
    r"\b(?:about|around|almost|nearly|roughly|some|over|more than|less than|under|up to|at least|close to"
    r"|approximately)\W{0,3}$",
    re.IGNORECASE,
)
"""Words before a number that was rounded."""
ROUNDING = 0.1
"""By how much of itself."""
SMALL = 12
"""Numbers up to this are written as words in many languages; outside English they are not checked."""


class NumbersGate(EachSummary):
    """Rejects summaries with a number that the payload does not have in any form: ``two`` is 2, ``3 pm`` is 15:00.

    "One" says little and passes; a number of the payload in another place is for `NumberContextGate`. In English the
    days told from that of writing ("tonight", "next week") must be the payload's too, in whatever words: `days.py`.
    """

    name = "numbers"

    def verdict(self, sample: Summary) -> Verdict:
        """The score is how many numbers and days the payload lacks."""
        bound = "0 numbers and days that the payload lacks"
        english = language_of(sample.payload.language, sample.source) == "en"
        there = stated(sample.source)
        people = len({part.sender for part in sample.payload.parts if part.sender})
        if people > 1:
            # "The three of them": nobody in the conversation says how many they are.
            there.numbers.add(people)
        missing = [
            (f"{quantity.kind}_not_in_payload", quantity.text)
            for quantity in quantities(sample.text)
            if not _is_there(quantity, there, sample.text)
            and (english or not (quantity.kind == "number" and quantity.value <= SMALL))
        ]
        if tells_in_english(sample) and (days := told(sample.text)):
            there_too = meant(sample.payload)
            missing += [("day_not_in_payload", day.text) for day in days if there_too.isdisjoint(day.meanings)]
        if missing:
            return self.failed(len(missing), bound, *missing[0])
        return self.passed(0, bound)


def _is_there(quantity: Quantity, there: Stated, text: str) -> bool:
    value = quantity.value
    if quantity.kind == "date":
        month, day = divmod(int(value), 100)
        return any(a in there.months and b in there.numbers for a, b in ((month, day), (day, month)))
    if quantity.kind != "number":
        return value in {"time": there.times, "month": there.months, "weekday": there.weekdays}[quantity.kind]
    if value in there.numbers or (value == 1 and is_number_word(quantity.text.lower())):
        return True
    if value == int(value) and 0 <= value <= 24 and int(value) * 60 % 1440 in there.times:
        return True
    if ABOUT.search(text[: quantity.start]):
        return any(abs(value - other) <= ROUNDING * value for other in there.numbers)
    return False
