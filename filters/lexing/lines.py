"""A batch of texts as lines or paragraphs."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.lexing.per_document import kept_offsets

LINE_BOUNDARIES = r"\r\n|[\r\x0b\x0c\x1c\x1d\x1e\x{85}\x{2028}\x{2029}]"
"""What ``str.splitlines`` splits at besides ``\\n``, as an RE2 pattern."""


@dataclass(frozen=True)
class Lines:
    """The lines (or paragraphs) of some documents, one after the other.

    ``text`` is large_string[lines]; the lines of document d are ``offsets[d]:offsets[d + 1]`` (int64[documents + 1]).
    """

    text: pa.LargeStringArray
    offsets: np.ndarray

    @cached_property
    def ids(self) -> np.ndarray:
        """int32[lines]: equal for equal lines of this batch."""
        return self.text.dictionary_encode().indices.to_numpy()

    @cached_property
    def length(self) -> np.ndarray:
        """int64[lines]: characters (code points) in each line."""
        return pc.utf8_length(self.text).to_numpy()

    @cached_property
    def is_blank(self) -> np.ndarray:
        """bool[lines]: the line has nothing but white space."""
        return pc.equal(pc.binary_length(pc.utf8_ltrim_whitespace(self.text)), 0).to_numpy(zero_copy_only=False)

    @property
    def per_document(self) -> np.ndarray:
        """int64[documents]: number of lines in each document."""
        return np.diff(self.offsets)

    def select(self, keep: np.ndarray) -> "Lines":
        """Only the lines where ``keep`` (bool[lines]) is true."""
        return Lines(self.text.filter(pa.array(keep)), kept_offsets(keep, self.offsets))


def split_lines(text: pa.LargeStringArray) -> Lines:
    """The lines between ``\\n``, like ``str.split("\\n")``: an empty text has one empty line."""
    return _from_lists(pc.split_pattern(text, "\n"))


def split_paragraphs(text: pa.LargeStringArray) -> Lines:
    r"""The paragraphs between runs of two or more ``\n``, like ``re.split(r"\n{2,}", text.strip())``."""
    return _from_lists(pc.split_pattern_regex(pc.utf8_trim_whitespace(text), "\n{2,}"))


def with_newlines(text: pa.LargeStringArray) -> pa.LargeStringArray:
    """The texts with every line boundary of ``str.splitlines`` written as ``\\n``."""
    return pc.replace_substring_regex(text, LINE_BOUNDARIES, "\n")


def join_lines(lines: Lines) -> pa.LargeStringArray:
    """The documents again: their lines with ``\\n`` between them, without white space at the ends."""
    lists = pa.ListArray.from_arrays(pa.array(lines.offsets, pa.int32()), lines.text)
    return pc.utf8_trim_whitespace(pc.binary_join(lists, pa.scalar("\n", pa.large_string())))


def _from_lists(lists: pa.LargeListArray) -> Lines:
    return Lines(lists.flatten(), lists.offsets.to_numpy().astype(np.int64) - lists.offsets[0].as_py())
