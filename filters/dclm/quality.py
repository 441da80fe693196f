"""Measures Gopher's quality rules as DCLM reads them."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from collections.abc import Callable
from itertools import product

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.lexing.lines import Lines
from filters.lexing.per_document import ratio, total
from filters.refinedweb.facts import line_facts
from schemas.steps.dclm import DclmQuality


def prepare(step: DclmQuality) -> Measure:
    """The measure of `DclmQuality`."""
    stop_words = [spelling for word in step.stop_words for spelling in spellings(word)]

    def measure(batch: Batch) -> Measurement:
        words, lines = batch.words("whitespace"), batch.lines()
        facts, count = words.vocabulary, words.per_document
        symbols = np.sum([pc.count_substring(batch.text, symbol).to_numpy() for symbol in step.symbols], axis=0)
        stops = facts.membership(stop_words)
        return Measurement(
            {
                "word_count": pa.array(total(line_facts(lines.text).named_words, lines.offsets)),
                "mean_word_length": ratio(total(facts.length[words.ids], words.offsets), count),
                "symbol_ratio": ratio(symbols, count),
                "bullet_line_ratio": line_ratio(lines, pc.starts_with, step.bullets),
                "ellipsis_line_ratio": line_ratio(lines, pc.ends_with, step.ellipses),
                "non_alphabetic_word_ratio": ratio(total(~facts.has_alpha[words.ids], words.offsets), count),
                "stop_word_count": pa.array(total(stops[words.ids], words.offsets)),
            }
        )

    return measure


def spellings(word: str) -> list[str]:
    """A word with every letter in either case."""
    return ["".join(letters) for letters in product(*({letter.lower(), letter.upper()} for letter in word))]


def line_ratio(lines: Lines, matches: Callable[[pa.Array, str], pa.BooleanArray], marks: tuple[str, ...]) -> pa.Array:
    """The share of the lines that are not blank which, once stripped, match one of ``marks`` (float64[documents])."""
    stripped = pc.utf8_trim_whitespace(lines.text)
    found = np.zeros(len(stripped), dtype=bool)
    for mark in marks:
        found |= matches(stripped, mark).to_numpy(zero_copy_only=False)
    return ratio(total(found, lines.offsets), total(~lines.is_blank, lines.offsets))
