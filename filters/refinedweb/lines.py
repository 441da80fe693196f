"""Corrects a page line by line, and measures how many of its words that removed (RefinedWeb)."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.lexing.lines import join_lines, split_lines
from filters.lexing.patterns import DIGIT, NO_WORD, SPACE
from filters.lexing.per_document import total
from filters.refinedweb.corrections import COUNTER, KEPT, NUMERIC, SHORT, UPPERCASE, remove_lines
from filters.refinedweb.facts import line_facts
from filters.refinedweb.phrases import phrase_cutter
from schemas.steps.refinedweb import RefinedWebLines

REASONS = {
    "removed_uppercase": UPPERCASE,
    "removed_numeric": NUMERIC,
    "removed_counter": COUNTER,
    "removed_short": SHORT,
}


def prepare(step: RefinedWebLines) -> Measure:
    """Compile the expressions."""
    cut_phrases = phrase_cutter(step)
    counters = "|".join(map(re.escape, step.counters))
    counter = rf"^{NO_WORD}*{DIGIT}[,.{DIGIT}]*(?i:[kmb]?{SPACE}+(?:{counters})){NO_WORD}*$"
    limits = (step.max_uppercase, step.max_numeric, step.min_words_per_line)

    def measure(batch: Batch) -> Measurement:
        lines = split_lines(limit_newlines(batch.text, step.max_newlines)) if step.max_newlines else batch.lines()
        facts = line_facts(lines.text)
        is_counter = pc.match_substring_regex(lines.text, counter).to_numpy(zero_copy_only=False)
        reasons = remove_lines(lines.offsets, facts, is_counter, limits)
        text = join_lines(lines.select(reasons == KEPT))
        corrected = cut_phrases(text)
        before = total(facts.named_words, lines.offsets)
        after = total(np.where(reasons == KEPT, facts.named_words, 0), lines.offsets)
        changed = pc.not_equal(text, corrected)
        after[changed.to_numpy(zero_copy_only=False)] = count_words(corrected.filter(changed))
        signals: dict[str, pa.Array] = {
            name: pa.array(total(reasons == reason, lines.offsets), pa.int32()) for name, reason in REASONS.items()
        }
        # A page without words has lost them all: DCLM drops it.
        signals["removed_words"] = pa.array(np.where(before > 0, (before - after) / np.maximum(before, 1), 1.0))
        signals["words"] = pa.array(before, pa.int32())
        return Measurement(signals=signals, text=corrected)

    return measure


def limit_newlines(text: pa.LargeStringArray, most: int) -> pa.LargeStringArray:
    """The texts with no more than ``most`` newlines after one another."""
    return pc.replace_substring_regex(text, "\n" * most + "\n+", "\n" * most)


def count_words(texts: pa.LargeStringArray) -> np.ndarray:
    """The words of each text (int64[texts]), as `filters.refinedweb.facts` counts ``named_words``."""
    lines = split_lines(texts)
    return total(line_facts(lines.text).named_words, lines.offsets)
