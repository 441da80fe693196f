"""Finds the entries of word lists in texts."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple

import ahocorasick
import pyarrow as pa
import pyarrow.compute as pc

NO_WORD = r"[^\p{L}\p{M}\p{N}_]"
"""What may stand beside an entry. Marks count as letters: a vowel sign makes another word of a Hindi one."""


class Match(NamedTuple):
    """Where an entry stands in a lower-case text, in characters."""

    start: int
    end: int
    entry: str


class WordSearch:
    """Some entries, ready to be looked for.

    ``whole`` entries need a boundary on both sides, ``inside`` ones match anywhere. One RE2 pass over a whole batch
    (60 times as fast as the rest) tells which texts are worth an exact look.
    """

    def __init__(self, whole: Iterable[str], inside: Iterable[str]) -> None:
        lowered = {entry.lower() for entry in whole}
        self._whole = {entry for entry in lowered if _is_word(entry[0]) and _is_word(entry[-1])}
        # An entry that ends in a symbol (an emoji) is its own boundary.
        self._inside = {entry.lower() for entry in inside} | (lowered - self._whole)
        self._automaton = ahocorasick.Automaton()
        for entry in self._whole | self._inside:
            self._automaton.add_word(entry, entry)
        self._automaton.make_automaton()
        patterns = [rf"(?:^|{NO_WORD})(?:{_any_of(self._whole)})(?:$|{NO_WORD})"] if self._whole else []
        patterns += [_any_of(self._inside)] if self._inside else []
        self._pattern = "|".join(patterns)

    def contained(self, texts: pa.LargeStringArray) -> pa.BooleanArray:
        """Which texts have an entry."""
        return pc.match_substring_regex(lower(texts), self._pattern)

    def matches(self, lowered: str) -> list[Match]:
        """The entries in a lower-case text, from left to right; where they overlap, the first and longest."""
        found = [
            match
            for last, entry in self._automaton.iter(lowered)
            if self._stands_alone(lowered, match := Match(last + 1 - len(entry), last + 1, entry))
        ]
        kept: list[Match] = []
        for match in sorted(found, key=lambda match: (match.start, -match.end)):
            if not kept or match.start >= kept[-1].end:
                kept.append(match)
        return kept

    def _stands_alone(self, lowered: str, match: Match) -> bool:
        if match.entry not in self._whole:
            return True
        before, after = lowered[max(0, match.start - 1) : match.start], lowered[match.end : match.end + 1]
        return not (before and _is_word(before)) and not (after and _is_word(after))


def lower(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """Texts in lower case, as ``str.lower`` writes it but for a final sigma."""
    # Python writes the lower case of this letter as two characters, Arrow as one.
    return pc.utf8_lower(pc.replace_substring(texts, "İ", "i̇"))


def _any_of(entries: set[str]) -> str:
    return "|".join(re.escape(entry) for entry in sorted(entries))


def _is_word(character: str) -> bool:
    return character == "_" or unicodedata.category(character)[0] in "LMN"
