"""The sentences of a payload's text, each with where it stands: an instruction often stands apart from the rest."""

import re
from collections import Counter
from typing import NamedTuple

from datagen.gates.text import sentences

ENCODED = re.compile(r"\b(?:[A-Za-z0-9+/]{40,}={0,2}|(?:[0-9a-fA-F]{2}){20,})(?!\w)")
SPACED = re.compile(r"(?:\b\w\b[ ]{1,3}){8,}\w\b")
WIDE = re.compile(r" {2,3}")
PARAGRAPH_END = re.compile(r"\n\s*\n")
CONTENT_WORD = re.compile(r"[^\W\d_]{5,}")
STEM = 5
"""Characters by which two words count as the same."""


class Unit(NamedTuple):
    """One sentence."""

    sentence: str
    places: tuple[str, ...]
    """Where it stands: ``only``, ``first``, ``last`` of the text; ``alone``, ``starts``, ``ends`` in its paragraph; and
    how much of what it speaks of the rest speaks of too: ``topic none`` (it has no long words), ``off``, ``half``,
    ``on``."""


def units(text: str) -> list[Unit]:
    """The sentences of a text, each of which may be an instruction; letters set apart are put together."""
    joined = SPACED.sub(lambda found: " ".join(part.replace(" ", "") for part in WIDE.split(found[0])), text)
    paragraphs = [sentences(each) for each in PARAGRAPH_END.split(ENCODED.sub(" encoded_text ", joined))]
    found = [(sentence, _in_paragraph(at, len(each))) for each in paragraphs for at, sentence in enumerate(each)]
    if len(found) == 1:
        return [Unit(found[0][0], ("only",))]
    stems = [frozenset(word.lower()[:STEM] for word in CONTENT_WORD.findall(sentence)) for sentence, _ in found]
    having = Counter(stem for each in stems for stem in each)
    return [
        Unit(sentence, (*place, *_in_text(at, len(found)), _topic(stems[at], having)))
        for at, (sentence, place) in enumerate(found)
    ]


def _in_paragraph(at: int, count: int) -> tuple[str, ...]:
    if count == 1:
        return ("alone",)
    return ("starts",) if at == 0 else ("ends",) if at == count - 1 else ()


def _in_text(at: int, count: int) -> tuple[str, ...]:
    return ("first",) if at == 0 else ("last",) if at == count - 1 else ()


def _topic(stems: frozenset[str], having: Counter[str]) -> str:
    """``having`` counts the sentences that have a stem."""
    if not stems:
        return "topic none"
    shared = sum(having[stem] > 1 for stem in stems)
    return "topic off" if shared == 0 else "topic half" if 2 * shared < len(stems) else "topic on"
