"""Segments that an expression surely takes as one word, so that they are encoded by merges alone."""

from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from pipelines.tokenize.cutting.kinds import kinds
from pipelines.tokenize.cutting.patterns import Pattern


class Words(NamedTuple):
    """What is one word: letters only, digits only or marks only; letters and marks may follow a space."""

    kinds: npt.NDArray[np.uint8]
    """uint8[CODE_POINTS], see `kinds`; empty: every segment is a word."""
    cased: bool
    digits: int
    spaced_digits: bool
    """As in `Pattern`."""


EVERYTHING: Final = Words(np.zeros(0, np.uint8), False, 0, False)
"""For encodings that split a text by nothing."""


def words_of(pattern: Pattern, *, split_digits: bool) -> Words:
    """The words of an expression; ``split_digits``: another step takes digits apart."""
    digits, spaced = (1, False) if split_digits else (pattern.digits, pattern.spaced_digits)
    return Words(kinds(), pattern.cased, digits, spaced)
