"""Cuts leftovers of a page's furniture (``Read more...``) out of its short lines."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import re
from collections.abc import Callable

import pyarrow as pa
import pyarrow.compute as pc

from schemas.steps.refinedweb import RefinedWebLines

CutPhrases = Callable[[pa.LargeStringArray], pa.LargeStringArray]
"""The texts without the phrases."""


def phrase_cutter(step: RefinedWebLines) -> CutPhrases:
    """Compile the phrases of a step. Only texts that have one are taken apart."""
    places = {r"\s?(?:{})": step.phrases, r"\s?(?:{})$": step.last_phrases, r"^(?:{})\s?": step.first_phrases}
    patterns = [
        re.compile(form.format("|".join(phrases)), re.IGNORECASE) for form, phrases in places.items() if phrases
    ]
    every = "|".join((*step.phrases, *step.last_phrases, *step.first_phrases))

    def cut(texts: pa.LargeStringArray) -> pa.LargeStringArray:
        if not every:
            return texts
        rows = pc.match_substring_regex(texts, every, ignore_case=True)
        changed = [_without(text, patterns, step.max_phrase_words) for text in texts.filter(rows).to_pylist()]
        return pc.replace_with_mask(texts, rows, pa.array(changed, pa.large_string()))

    return cut


def _without(text: str, patterns: list[re.Pattern[str]], max_words: int) -> str:
    for pattern in patterns:
        text = "\n".join(_cut_lines(text.split("\n"), pattern, max_words)).strip()
    return text


def _cut_lines(lines: list[str], pattern: re.Pattern[str], max_words: int) -> list[str]:
    kept = []
    for line in lines:
        is_short = len(line.split()) <= max_words
        rest = pattern.sub("", line) if is_short else line
        # A line with nothing left goes; an empty one stays.
        if rest.strip() or not line or not is_short:
            kept.append(rest)
    return kept
