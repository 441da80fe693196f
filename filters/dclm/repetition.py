"""Measures Gopher's repetition rules as DCLM reads them."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.dclm.kernels import LARGEST, SMALLEST, TOP_LARGEST, ngram_characters, repeated
from filters.lexing.lines import Lines
from filters.lexing.per_document import kept_offsets, ratio, total
from filters.lexing.words import Words
from schemas.steps.dclm import DclmRepetition


def prepare(step: DclmRepetition) -> Measure:
    """The measure of `DclmRepetition`."""

    def measure(batch: Batch) -> Measurement:
        return Measurement(
            {
                **_segment_fractions("line", batch.lines()),
                **_segment_fractions("paragraph", split_paragraphs(batch.text)),
                **_ngram_fractions(batch.words("uax29")),
            }
        )

    return measure


def split_paragraphs(text: pa.LargeStringArray) -> Lines:
    """What stands between two line breaks; a third one begins the next paragraph."""
    lists = pc.split_pattern(text, "\n\n")
    return Lines(lists.flatten(), lists.offsets.to_numpy().astype(np.int64) - lists.offsets[0].as_py())


def _segment_fractions(unit: str, segments: Lines) -> dict[str, pa.Array]:
    full = Lines(pc.utf8_trim_whitespace(segments.text), segments.offsets).select(~segments.is_blank)
    count, characters = repeated(full.ids, full.length, full.offsets)
    return {
        f"repeated_{unit}_fraction": ratio(count, full.per_document),
        f"repeated_{unit}_character_fraction": ratio(characters, total(full.length, full.offsets)),
    }


def _ngram_fractions(words: Words) -> dict[str, pa.Array]:
    named = words.vocabulary.starts_alphanumeric[words.ids]
    ids, offsets = words.ids[named], kept_offsets(named, words.offsets)
    lengths = words.vocabulary.length[ids]
    characters = ngram_characters(ids, lengths, offsets)
    whole = total(lengths, offsets)
    names = {n: f"{'top' if n <= TOP_LARGEST else 'repeated'}_{n}gram_fraction" for n in range(SMALLEST, LARGEST + 1)}
    return {name: ratio(characters[n - SMALLEST], whole) for n, name in names.items()}
