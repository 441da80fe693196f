"""Splits texts into stripped lines, and tells those with few words or with a long one."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.lexing.chunks import split_chunks
from filters.lexing.lines import Lines, split_lines, with_newlines
from filters.lexing.patterns import NO_SPACE, SPACE


def stripped_lines(texts: pa.LargeStringArray) -> Lines:
    """The lines of every text as ``str.splitlines`` splits and ``str.strip`` strips."""
    lines = split_lines(with_newlines(texts))
    return Lines(pc.utf8_trim_whitespace(lines.text), lines.offsets)


def lower_case(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """The texts in lower case, as ``str.lower`` writes all but the sigma at the end of Greek words."""
    # Python makes two characters of this letter, Arrow one.
    return pc.utf8_lower(pc.replace_substring(texts, "İ", "i̇"))


def has_words(lines: pa.LargeStringArray, least: int) -> np.ndarray:
    """Whether each line (bool[lines]) has at least ``least`` words, as ``str.split`` splits."""
    pattern = rf"^{SPACE}*(?:{NO_SPACE}+{SPACE}+){{{least - 1}}}{NO_SPACE}"
    return as_flags(pc.match_substring_regex(lines, pattern))


def has_long_word(lines: pa.LargeStringArray, longest: int) -> np.ndarray:
    """Whether each line (bool[lines]) has a word of more than ``longest`` characters."""
    found = np.zeros(len(lines), dtype=bool)
    candidates = np.flatnonzero(as_flags(pc.greater(pc.binary_length(lines), longest)))
    words, offsets = split_chunks(lines.take(pa.array(candidates)))
    is_long = as_flags(pc.greater(pc.utf8_length(words), longest))
    found[np.repeat(candidates, np.diff(offsets))[is_long]] = True
    return found


def as_flags(values: pa.BooleanArray) -> np.ndarray:
    """A boolean array without nulls as NumPy."""
    return values.to_numpy(zero_copy_only=False)
