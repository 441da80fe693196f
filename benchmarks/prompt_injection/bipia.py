"""BIPIA's attacks apart from the texts that they stand in: the set says only which texts have one."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

PARAGRAPH_END = re.compile(r"\n\s*\n")
LEAST_TEXTS = 3
"""An attack stands in so many texts or more; the paragraph of a mail does not."""


class Attacked(NamedTuple):
    """One text with an attack."""

    attack: str
    text: str


def attacked_texts(rows: Sequence[dict]) -> list[Attacked]:
    """The texts that have an attack: a paragraph of one line that several of them share, and no clean text has.

    Raises ValueError: a text has none, or several.
    """
    clean = "\n".join(row["text"] for row in rows if row["label"] == "safe")
    texts = [row["text"] for row in rows if row["label"] != "safe"]
    having = Counter(line for text in texts for line in set(_lines(text)) if line not in clean)
    known = {line for line, count in having.items() if count >= LEAST_TEXTS}
    found = [[line for line in _lines(text) if line in known] for text in texts]
    if any(len(attacks) != 1 for attacks in found):
        raise ValueError("BIPIA: a text has no attack that others have, or more than one: is it another edition?")
    return [Attacked(attack, text) for (attack,), text in zip(found, texts, strict=True)]


def _lines(text: str) -> list[str]:
    paragraphs = (each.strip() for each in PARAGRAPH_END.split(text))
    return [each for each in paragraphs if each and "\n" not in each and "|" not in each]
