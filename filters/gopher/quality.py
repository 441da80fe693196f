"""Measures Gopher's quality rules."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.lexing.lines import split_lines, with_newlines
from filters.lexing.per_document import ratio, total
from filters.lexing.words import Words
from schemas.steps.gopher import GopherQuality


def prepare(step: GopherQuality) -> Measure:
    """The measure of `GopherQuality`."""

    def measure(batch: Batch) -> Measurement:
        return Measurement(
            {**_word_signals(batch.words(step.lexer), batch.text, step.stop_words), **_line_signals(batch.text)}
        )

    return measure


def _word_signals(words: Words, text: pa.LargeStringArray, stop_words: tuple[str, ...]) -> dict[str, pa.Array]:
    facts, ids, offsets = words.vocabulary, words.ids, words.offsets
    count = words.per_document
    real_word = ~facts.is_punctuation[ids]
    real_count = total(real_word, offsets)
    ellipses = pc.add(pc.count_substring(text, "..."), pc.count_substring(text, "…"))
    return {
        "word_count": pa.array(real_count),
        "mean_word_length": ratio(total(facts.length[ids] * real_word, offsets), real_count),
        "hash_ratio": ratio(pc.count_substring(text, "#").to_numpy(), count),
        "ellipsis_ratio": ratio(ellipses.to_numpy(), count),
        "alphabetic_word_ratio": ratio(total(facts.has_alpha[ids], offsets), count),
        "stop_word_count": pa.array(_distinct(words, stop_words)),
    }


def _distinct(words: Words, wanted: tuple[str, ...]) -> np.ndarray:
    """int64[documents]: how many of the ``wanted`` words each document has."""
    member = words.vocabulary.membership(wanted)
    positions = np.flatnonzero(member[words.ids])
    documents = np.searchsorted(words.offsets, positions, side="right") - 1
    pairs = np.unique(documents * len(member) + words.ids[positions])
    return np.bincount(pairs // len(member), minlength=len(words.offsets) - 1)


def _line_signals(text: pa.LargeStringArray) -> dict[str, pa.Array]:
    text = with_newlines(text)
    lines = split_lines(text)
    # str.splitlines counts no empty line after the last line break.
    ends_open = pc.or_(pc.ends_with(text, "\n"), pc.equal(pc.binary_length(text), 0))
    count = lines.per_document - ends_open.to_numpy(zero_copy_only=False)
    start, end = pc.utf8_ltrim_whitespace(lines.text), pc.utf8_rtrim_whitespace(lines.text)
    bullet = pc.or_(pc.starts_with(start, "•"), pc.starts_with(start, "-"))
    ellipsis = pc.or_(pc.ends_with(end, "..."), pc.ends_with(end, "…"))
    return {
        name: ratio(total(found.to_numpy(zero_copy_only=False), lines.offsets), count)
        for name, found in (("bullet_line_ratio", bullet), ("ellipsis_line_ratio", ellipsis))
    }
