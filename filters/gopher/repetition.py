"""Measures Gopher's repetition rules."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.gopher.kernels import duplicate_ngram_characters, duplicates, top_ngram_characters
from filters.lexing.lines import split_paragraphs
from filters.lexing.per_document import kept_offsets, ratio
from filters.lexing.words import Words
from schemas.steps.gopher import GopherRepetition

TOP_SIZES = (2, 3, 4)
"""Words in the n-grams whose most frequent one is measured."""
DUPLICATE_SIZES = (5, 10)
"""Fewest and most words in the n-grams whose repetition is measured."""


def prepare(step: GopherRepetition) -> Measure:
    """The measure of `GopherRepetition`."""

    def measure(batch: Batch) -> Measurement:
        characters = pc.utf8_length(batch.text).to_numpy()
        fractions = {
            **_paragraph_fractions(batch.text, characters),
            **_line_fractions(batch, characters),
            **{name: ratio(part, characters) for name, part in _ngram_characters(batch.words(step.lexer)).items()},
        }
        return Measurement({"character_count": pa.array(characters, pa.int64()), **fractions})

    return measure


def _paragraph_fractions(text: pa.LargeStringArray, characters: np.ndarray) -> dict[str, pa.Array]:
    paragraphs = split_paragraphs(text)
    repeated, repeated_characters = duplicates(paragraphs.ids, paragraphs.length, paragraphs.offsets)
    return {
        "duplicate_paragraph_fraction": ratio(repeated, paragraphs.per_document),
        "duplicate_paragraph_character_fraction": ratio(repeated_characters, characters),
    }


def _line_fractions(batch: Batch, characters: np.ndarray) -> dict[str, pa.Array]:
    """Lines lie between runs of line breaks; a run at an end of the text leaves one empty line there."""
    lines = batch.lines()
    full = lines.length > 0
    offsets = kept_offsets(full, lines.offsets)
    repeated, repeated_characters = duplicates(lines.ids[full], lines.length[full], offsets)
    opens = pc.starts_with(batch.text, "\n").to_numpy(zero_copy_only=False)
    closes = pc.ends_with(batch.text, "\n").to_numpy(zero_copy_only=False)
    count = np.diff(offsets) + opens + closes
    return {
        "duplicate_line_fraction": ratio(repeated + (opens & closes), count),
        "duplicate_line_character_fraction": ratio(repeated_characters, characters),
    }


def _ngram_characters(words: Words) -> dict[str, np.ndarray]:
    """Characters in each kind of repeated n-gram (int64[documents]), by the name of the fraction."""
    facts, ids, offsets = words.vocabulary, words.ids, words.offsets
    hashes, lengths = facts.hash[ids], facts.length[ids]
    top = {f"top_{n}gram_fraction": top_ngram_characters(hashes, lengths, offsets, n) for n in TOP_SIZES}
    duplicated = duplicate_ngram_characters(
        facts.join_hash[ids], facts.join_power[ids], lengths, offsets, DUPLICATE_SIZES
    )
    names = [f"duplicate_{n}gram_fraction" for n in range(DUPLICATE_SIZES[0], DUPLICATE_SIZES[1] + 1)]
    return top | dict(zip(names, duplicated, strict=True))
