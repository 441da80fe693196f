"""Keeps the lines of a page that read like sentences, and measures what is left (C4)."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.c4.lines import as_flags, has_long_word, has_words, lower_case, stripped_lines
from filters.c4.sentences import sentence_counter, sentences_per_document
from filters.lexing.lines import Lines, join_lines
from filters.lexing.patterns import DIGIT
from filters.lexing.per_document import total
from schemas.steps.c4 import SENTENCES_COUNTED, C4Quality

CITATION = rf"\[{DIGIT}*\]|\[edit\]|\[citation needed\]"
ELLIPSIS = "..."
LOREM_IPSUM = "lorem ipsum"
JAVASCRIPT = "javascript"
CURLY_BRACKET = "{"


def prepare(step: C4Quality) -> Measure:
    """Load the sentence splitter."""
    count = sentence_counter(step.sentence_splitter)

    def measure(batch: Batch) -> Measurement:
        lines = stripped_lines(batch.text)
        cleaned = without_citations(lines.text) if step.remove_citations else lines.text
        removed = removed_lines(lines.text, cleaned, step)
        left = ~np.logical_or.reduce([found for name, found in removed.items() if name.startswith("removed_")])
        kept = Lines(cleaned, lines.offsets).select(left)
        signals = {name: pa.array(total(found, lines.offsets), pa.int32()) for name, found in removed.items()}
        paragraphs = batch.lines().length >= step.min_paragraph_characters
        signals["paragraphs"] = pa.array(total(paragraphs, batch.lines().offsets), pa.int32())
        signals["characters"] = pc.utf8_length(batch.text).cast(pa.int32())
        signals["lines"] = pa.array(kept.per_document.astype(np.int32))
        signals["sentences"] = pa.array(sentences_per_document(kept, count, SENTENCES_COUNTED))
        return Measurement(signals=signals, text=join_lines(kept))

    return measure


def removed_lines(raw: pa.LargeStringArray, lines: pa.LargeStringArray, step: C4Quality) -> dict[str, np.ndarray]:
    """For each reason, the lines (bool[lines]) that it removes: the first of their reasons, in this order.

    ``raw`` are the lines with citations, ``lines`` those without. The two page rules, ``lorem_ipsum`` and
    ``curly_bracket``, mark the lines that get as far as them and remove none.
    """
    left = np.ones(len(lines), dtype=bool)
    reasons: dict[str, np.ndarray] = {}

    def mark(name: str, found: np.ndarray) -> None:
        reasons[name] = left & found

    def remove(name: str, found: np.ndarray) -> None:
        nonlocal left
        mark(name, found)
        left = left & ~found

    nothing = np.zeros(len(lines), dtype=bool)
    phrases = [re.escape(phrase) for phrase in (LOREM_IPSUM, JAVASCRIPT, *step.policy_phrases)]
    lowered, candidates = lower_case_candidates(lines, "|".join(phrases))

    def has_phrase(*phrases: str) -> np.ndarray:
        found = nothing.copy()
        for phrase in phrases:
            found[candidates] |= as_flags(pc.match_substring(lowered, phrase))
        return found

    remove("removed_long_word", has_long_word(raw, step.max_word_length) if step.max_word_length else nothing)
    remove("removed_no_end_mark", ~has_end_mark(lines, step.end_marks) if step.end_marks else nothing)
    remove("removed_few_words", ~has_words(raw if step.citations_are_words else lines, step.min_words_per_line))
    mark("lorem_ipsum", has_phrase(LOREM_IPSUM))
    remove("removed_javascript", has_phrase(JAVASCRIPT) if step.remove_javascript else nothing)
    mark("curly_bracket", as_flags(pc.match_substring(lines, CURLY_BRACKET)))
    remove("removed_policy", has_phrase(*step.policy_phrases))
    return reasons


def without_citations(lines: pa.LargeStringArray) -> pa.LargeStringArray:
    """The lines without Wikipedia's marks of notes and edits."""
    return pc.replace_substring_regex(lines, CITATION, "")


def has_end_mark(lines: pa.LargeStringArray, marks: tuple[str, ...]) -> np.ndarray:
    """Whether each line (bool[lines]) ends in one of ``marks`` and in no ellipsis."""
    ends = [pc.ends_with(lines, mark) for mark in marks]
    return np.logical_or.reduce([as_flags(end) for end in ends]) & ~as_flags(pc.ends_with(lines, ELLIPSIS))


def lower_case_candidates(lines: pa.LargeStringArray, pattern: str) -> tuple[pa.LargeStringArray, np.ndarray]:
    """The lines that match ``pattern`` in any case, in lower case, and their positions (int64)."""
    positions = np.flatnonzero(as_flags(pc.match_substring_regex(lines, pattern, ignore_case=True)))
    # Folding case is coarser than lower case ("ſ" matches "s"), so what is found is looked at again.
    return lower_case(lines.take(pa.array(positions))), positions
