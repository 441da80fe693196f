"""Measures the language of a page before extraction: fastText lid.176 on samples of its visible text."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow.compute makes its functions when it is imported)

import html
import re

import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.language.identify import scorer
from schemas.steps.language_precheck import LanguagePrecheck

WINDOW = 60_000
"""Characters from ``<body`` on that are looked at."""
HIDDEN = ("script", "style", "SCRIPT", "STYLE")
RUN = re.compile(r">\s*+([^<>]{25,})")
"""Text between two tags, long enough to be prose rather than a link; linear in time, since ``*+`` never gives back."""
LONGEST_RUNS, LONGEST_CUT = 600, 300
"""Characters of the sample of the longest runs, where the content is; and at most so many of each."""
SPREAD_RUNS, SPREAD_CUT = 300, 50
"""The same for the sample from all over the page, which finds the other language of a page that has two."""
MIN_CHARACTERS = 100
LONGEST_ENTITY = 8
"""Characters of ``&#x4E2D;``."""


def prepare(step: LanguagePrecheck) -> Measure:
    """Load the model, once in a process. Raises ``SettingError`` if it does not know a wanted language."""
    score = scorer(None, step.keep)

    def measure(batch: Batch) -> Measurement:
        pages = [samples(page) for page in batch.text.to_pylist()]
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


def samples(page: str) -> tuple[str, str]:
    """Two samples of a page's visible text, each on one line: its longest runs, and the starts of runs all over it."""
    runs = RUN.findall(_without_hidden(page))
    longest: list[str] = []
    length = 0
    for run in sorted(runs, key=len, reverse=True):
        start = _start(run, LONGEST_CUT)
        if "{" in start or '="' in start:  # program code, or the rest of a tag with a ">" in an attribute
            continue
        longest.append(start)
        length += len(start)
        if length >= LONGEST_RUNS:
            break
    every = max(1, -(-len(runs) * SPREAD_CUT // SPREAD_RUNS))
    return _one_line(longest), _one_line([_start(run, SPREAD_CUT) for run in runs[::every]])


def _without_hidden(page: str) -> str:
    """The window of the page without scripts and style sheets.

    Splitting finds them in linear time; an expression that looks for the end of each takes quadratic time on a page
    that leaves them open.
    """
    start = max(page.find("<body"), 0)
    window = page[start : start + WINDOW]
    for tag in HIDDEN:
        first, *others = window.split(f"<{tag}")
        if others:
            window = first + "".join(other.partition(f"</{tag}")[2] for other in others)
    return window


def _start(run: str, length: int) -> str:
    """Its first characters, of which entities may hide a whole alphabet."""
    return html.unescape(run[: length * LONGEST_ENTITY])[:length]


def _one_line(runs: list[str]) -> str:
    """As fastText reads it."""
    return " ".join(" ".join(runs).split())
