"""Chooses the lines that RefinedWeb removes."""

import numpy as np

from filters.kernel import inlined, kernel
from filters.refinedweb.facts import LineFacts

KEPT, UPPERCASE, NUMERIC, COUNTER, SHORT, BLANK_END = 0, 1, 2, 3, 4, 5
CHARACTERS, CAPITALS, DIGITS, LEADING, TRAILING, WORDS = (
    LineFacts._fields.index(name) for name in ("characters", "uppercase", "digits", "leading", "trailing", "words")
)


def remove_lines(
    offsets: np.ndarray, facts: LineFacts, is_counter: np.ndarray, limits: tuple[float, float, int]
) -> np.ndarray:
    """Why each line goes (int8[lines], a constant above).

    ``offsets`` (int64[documents + 1]) bound the lines of each document; ``limits`` are the greatest shares of capitals
    and of digits, and the fewest words. A document loses the white space at its ends after every rule but the last, as
    in DCLM: a line that comes to stand first or last is judged without it.
    """
    reasons = np.zeros(len(is_counter), dtype=np.int8)
    _remove(offsets, np.stack(facts), is_counter, limits, reasons)
    return reasons


@kernel
def _remove(
    offsets: np.ndarray,
    facts: np.ndarray,
    is_counter: np.ndarray,
    limits: tuple[float, float, int],
    reasons: np.ndarray,
) -> None:
    max_uppercase, max_numeric, min_words = limits
    length = facts[CHARACTERS].copy()
    for document in range(len(offsets) - 1):
        span = (offsets[document], offsets[document + 1])
        for line in range(*span):
            if length[line] and facts[CAPITALS, line] / length[line] > max_uppercase:
                reasons[line] = UPPERCASE
        span = _strip(span, facts, length, reasons)
        for line in range(*span):
            if not reasons[line] and length[line] and facts[DIGITS, line] / length[line] > max_numeric:
                reasons[line] = NUMERIC
        span = _strip(span, facts, length, reasons)
        for line in range(*span):
            if not reasons[line] and is_counter[line]:
                reasons[line] = COUNTER
        span = _strip(span, facts, length, reasons)
        for line in range(*span):
            if not reasons[line] and length[line] and facts[WORDS, line] < min_words:
                reasons[line] = SHORT


@inlined
def _strip(span: tuple[int, int], facts: np.ndarray, length: np.ndarray, reasons: np.ndarray) -> tuple[int, int]:
    """Strip the document: blank lines at its ends go, white space at either end no longer counts."""
    first, last = span[0], span[1] - 1
    while first <= last and (reasons[first] or facts[LEADING, first] == facts[CHARACTERS, first]):
        reasons[first] = reasons[first] or BLANK_END
        first += 1
    while first <= last and (reasons[last] or facts[LEADING, last] == facts[CHARACTERS, last]):
        reasons[last] = reasons[last] or BLANK_END
        last -= 1
    if first <= last:
        length[last] = facts[CHARACTERS, last] - facts[TRAILING, last]
        length[first] = facts[CHARACTERS, first] - facts[LEADING, first]
        if first == last:
            length[first] -= facts[TRAILING, first]
    return first, last + 1
