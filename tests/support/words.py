"""The words of a text by their definition, slowly."""

import re
import unicodedata
from collections.abc import Iterator

from filters.lexing.hashed_words import fold

SINGLE = "\u0e01-\u0edf\u3005-\u3007\u3041-\u309f\u3400-\u9fff\U00020000-\U0003ffff"
JOINED = "[A-Za-z][.:][A-Za-z]|[0-9][.,;][0-9]"


def words_by_definition(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, form) of every word, in characters."""
    # Each character as one that says what it is: letter, single letter, mark, joiner.
    kinds = "".join(
        "s" if c[0] in "LN" and re.match(f"[{SINGLE}]", character) else
        "l" if c[0] in "LN" else
        "m" if c[0] == "M" and ord(character) < 0x40000 else
        "j" if (c == "Cf" and ord(character) < 0x40000) or character in "'’_" or re.fullmatch(JOINED, around) else "-"
        for character, c, around in (
            (each, unicodedata.category(each), text[max(0, i - 1) : i + 2]) for i, each in enumerate(text)
        )
    )  # fmt: skip
    for match in re.finditer("s(?:[mj]*m)?|l(?:[lmj]*[lm])?", kinds):
        letters = [text[i] for i in range(match.start(), match.end()) if kinds[i] != "j"]
        yield match.start(), match.end(), "".join(map(fold, letters))
