"""Measures the rules of FineWeb."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.gopher.kernels import duplicates
from filters.lexing.per_document import kept_offsets, ratio, total
from filters.lexing.punctuation import TERMINAL_PUNCTUATION
from schemas.steps.fineweb import FineWebQuality


def prepare(step: FineWebQuality) -> Measure:
    """The measure of `FineWebQuality`."""
    sentence_ends = pa.array(sorted(TERMINAL_PUNCTUATION), pa.large_string())

    def measure(batch: Batch) -> Measurement:
        lines = batch.lines()
        full = ~lines.is_blank
        offsets = kept_offsets(full, lines.offsets)
        count = np.diff(offsets)
        last = pc.utf8_slice_codeunits(lines.text, -1)
        punctuated = pc.is_in(last, sentence_ends).to_numpy(zero_copy_only=False) & full
        short = (lines.length <= step.short_line_length) & full
        _, repeated = duplicates(lines.ids[full], lines.length[full], offsets)
        newlines = lines.per_document - 1
        return Measurement(
            {
                "line_count": pa.array(count),
                "punctuated_line_ratio": ratio(total(punctuated, lines.offsets), count),
                "short_line_ratio": ratio(total(short, lines.offsets), count),
                "duplicate_character_ratio": ratio(repeated, total(lines.length, lines.offsets)),
                "newline_ratio": ratio(newlines, batch.words(step.lexer).per_document),
            }
        )

    return measure
