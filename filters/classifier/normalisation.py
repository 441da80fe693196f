"""What a fastText classifier reads: one normalised line a text, the same in training and in prediction."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import pyarrow as pa
import pyarrow.compute as pc

LABEL_PREFIX = "__label__"
"""What fastText takes for a label, in training files and in models."""

LINE_BREAKS = r"[\n\x1c-\x1e\x{85}\x{2028}\x{2029}]"
"""What Python's ``splitlines`` splits at and fastText does not take for white space; DCLM joins lines by a space."""

CONTROL = rf"{LINE_BREAKS}|</s>|{LABEL_PREFIX}"
"""What must not reach fastText: it stops reading at a newline and at a literal ``</s>``, and takes words with the
prefix for labels, so a text could name its own class. Each becomes a space, never "", which would glue two words."""


def normalise(text: pa.LargeStringArray, lowercase: bool) -> pa.LargeStringArray:
    """One line a text (large_string), perhaps in lower case; line breaks and fastText's control words become spaces.

    Punctuation stays on its word. For texts without control words this is what DCLM's models read
    (``baselines/mappers/enrichers/quality_prediction_enrichers_calc_fasttext.py``).
    """
    # Lower case comes first: it could make a control word.
    return pc.replace_substring_regex(pc.utf8_lower(text) if lowercase else text, CONTROL, " ")


def is_blank(text: pa.LargeStringArray) -> pa.BooleanArray:
    """Whether a text has nothing but white space: such a text has no score."""
    return pc.equal(pc.utf8_length(pc.utf8_trim_whitespace(text)), 0)
