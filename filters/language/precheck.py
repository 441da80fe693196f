"""Measures the language of a page before extraction: fastText lid.176 on samples of its visible text."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import html
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.language.identify import scorer
from filters.lexing.utf8 import utf8
from schemas.steps.language_precheck import LanguagePrecheck

WINDOW = 60_000
"""Characters from ``<body`` on that are looked at."""
LEAST_RUN = 25
"""Characters of text between two tags that are looked at: long enough to be prose rather than a link."""
LONGEST_RUNS, LONGEST_CUT = 600, 300
"""Characters of the sample of the longest runs, where the content is; and at most so many of each."""
SPREAD_RUNS, SPREAD_CUT = 300, 50
"""The same for the sample from all over the page, which finds the other language of a page that has two."""
MIN_CHARACTERS = 100
LONGEST_ENTITY = 8
"""Characters of ``&#x4E2D;``."""
LONGEST_CHARACTER = 4
"""Bytes of UTF-8."""


def prepare(step: LanguagePrecheck) -> Measure:
    """Load the model, once in a process. Raises ``SettingError`` if it does not know a wanted language."""
    score = scorer(None, step.keep)

    def measure(batch: Batch) -> Measurement:
        data, offsets = utf8(batch.text)
        pages = [samples(data[start:end]) for start, end in pairwise(offsets.tolist())]
        longest = score(pa.array([longest for longest, _ in pages], pa.large_string()), 1)
        spread = score(pa.array([spread for _, spread in pages], pa.large_string()), 1)
        is_measured = pa.array([max(map(len, page)) >= MIN_CHARACTERS for page in pages], pa.bool_())
        signals = {
            "wanted_evidence": pc.max_element_wise(longest["score"], spread["score"]),
            "top1": longest["top1"],
            "top1_score": longest["top1_score"],
        }
        return Measurement(
            signals={
                name: pc.if_else(is_measured, values, pa.scalar(None, values.type)) for name, values in signals.items()
            }
        )

    return measure


def samples(page: np.ndarray) -> tuple[str, str]:
    """Two samples of a page's visible text, each on one line: its longest runs, and the starts of runs all over it.

    ``page`` is uint8, in UTF-8.
    """
    # Imported late: the kernels bring Numba, 60 MB that a process which only starts others need not hold.
    from filters.language.visible_runs import visible_runs  # noqa: PLC0415

    runs = visible_runs(page, WINDOW, LEAST_RUN)
    longest: list[str] = []
    length = 0
    for run in np.argsort(-runs[:, 2], kind="stable").tolist():
        start = _start(page, runs[run], LONGEST_CUT)
        if "{" in start or '="' in start:  # program code, or the rest of a tag with a ">" in an attribute
            continue
        longest.append(start)
        length += len(start)
        if length >= LONGEST_RUNS:
            break
    every = max(1, -(-len(runs) * SPREAD_CUT // SPREAD_RUNS))
    return _one_line(longest), _one_line([_start(page, run, SPREAD_CUT) for run in runs[::every]])


def _start(page: np.ndarray, run: np.ndarray, length: int) -> str:
    """Its first characters, of which entities may hide a whole alphabet."""
    begin, end, _ = run.tolist()
    characters = length * LONGEST_ENTITY
    text = page[begin : min(end, begin + characters * LONGEST_CHARACTER)].tobytes().decode("utf-8", "ignore")
    return html.unescape(text[:characters])[:length]


def _one_line(runs: list[str]) -> str:
    """As fastText reads it."""
    return " ".join(" ".join(runs).split())
