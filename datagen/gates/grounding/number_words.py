"""English words for numbers as values: ``two hundred and fifty``, ``a dozen``, ``half``."""

import re
from collections.abc import Iterator

from datagen.gates.text import word_list

UNITS = {
    word: value
    for value, word in enumerate(
        word_list(
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
            "seventeen eighteen nineteen"
        )
    )
}
TENS = {
    word: 10 * value for value, word in enumerate(word_list("twenty thirty forty fifty sixty seventy eighty ninety"), 2)
}
SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000, "trillion": 10**12}
ORDINALS = {
    word: value
    for value, word in enumerate(
        word_list(
            "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
            "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
        ),
        1,
    )
} | {"thirtieth": 30}
OTHERS = {
    "couple": (2,),
    "pair": (2,),
    "twin": (2,),
    "twins": (2,),
    "twice": (2,),
    "double": (2,),
    "doubled": (2,),
    "both": (2,),
    "duo": (2,),
    "trio": (3,),
    "triple": (3,),
    "thrice": (3,),
    "once": (1,),
    "single": (1,),
    "dozen": (12,),
    "half": (0.5, 50, 30),
    "halved": (0.5, 50),
    "quarter": (0.25, 25, 15),
    "fortnight": (14, 2),
    "decade": (10,),
    "century": (100,),
    "noon": (12,),
    "midday": (12,),
    "midnight": (0, 12, 24),
}
"""Words that say a number besides those that are one; all the values that they may stand for."""
WORD = re.compile(r"[a-z]+")


def is_number_word(word: str) -> bool:
    """Whether a lower-case word is part of a number written out."""
    return word in UNITS or word in TENS or word in SCALES


def spelled(text: str) -> Iterator[tuple[float, int, int]]:
    """Numbers written out in English: value, first and last (exclusive) character.

    ``two or three`` are two numbers; ``two hundred and fifty`` and ``twenty-five`` are one.
    """
    lower = text.lower()
    total = current = 0
    start = end = -1
    follows = ""
    for found in WORD.finditer(lower):
        word = found[0]
        gap = lower[end : found.start()] if end >= 0 else ""
        joined = end >= 0 and gap.strip(" -\u2011") == "" and "\n" not in gap
        if word == "and" and joined and current >= 100:
            end = found.end()
            continue
        fits = joined and is_number_word(word) and _fits(word, follows)
        if start >= 0 and not fits:
            yield float(total + current), start, end
            start, total, current, follows = -1, 0, 0, ""
        if not is_number_word(word):
            end = -1
            continue
        start = found.start() if start < 0 else start
        end = found.end()
        if word in SCALES:
            scale = SCALES[word]
            if scale == 100:
                current = max(current, 1) * scale
            else:
                total, current = total + max(current, 1) * scale, 0
            follows = "scale"
        else:
            current += UNITS.get(word, TENS.get(word, 0))
            follows = "tens" if word in TENS else "unit"
    if start >= 0:
        yield float(total + current), start, end


def _fits(word: str, follows: str) -> bool:
    """Whether a number word goes on with the number before it."""
    if word in SCALES:
        return bool(follows)
    if word in TENS:
        return follows == "scale"
    return follows == "scale" or (follows == "tens" and 1 <= UNITS.get(word, 0) <= 9)
