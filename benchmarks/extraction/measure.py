"""What an engine finds on labelled pages, how right it is, and what it costs."""

import logging
import time
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from benchmarks.extraction.contenders import Contender
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import (
    Bag,
    Score,
    Snippets,
    bag_of_characters,
    bag_of_runs,
    bag_of_words,
    compare,
    score_snippets,
)

WARM_UP = 5
"""Pages that are extracted before the clock runs: imports, compilation, caches."""


@dataclass(frozen=True, slots=True)
class Result:
    """One engine on one page."""

    text: str
    milliseconds: float
    """CPU of this process, from the decoded page to the text."""
    error: str
    """The class of what it raised; then the text is empty."""


@dataclass(frozen=True, slots=True)
class Judged:
    """How right a result is, on a page whose full text is known."""

    words: Score
    order: Score
    characters: Score


def run(contender: Contender, pages: Sequence[LabelledPage]) -> list[Result]:
    """The results of all pages, in their order."""
    logging.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for page in pages[:WARM_UP]:
            _extract(contender, page)
        return [_extract(contender, page) for page in pages]


def _extract(contender: Contender, labelled: LabelledPage) -> Result:
    error, text = "", ""
    started = time.process_time()
    try:
        text = contender.extract(labelled)
    except Exception as raised:  # noqa: BLE001 - whatever a library raises on a page is a result
        error = type(raised).__name__
    return Result(text or "", 1e3 * (time.process_time() - started), error)


def true_bags(pages: Iterable[LabelledPage]) -> list[tuple[Bag, ...] | None]:
    """What ``judge`` compares with, counted once for all engines; None where the full text is not known."""
    return [_bags(page.label.text) if page.label.has_full_text else None for page in pages]


def judge(truths: Iterable[tuple[Bag, ...] | None], results: Iterable[Result]) -> list[Judged | None]:
    """Scores where the full text is known, None elsewhere."""
    return [
        None if truth is None else Judged(*map(compare, _bags(result.text), truth))
        for truth, result in zip(truths, results, strict=True)
    ]


def _bags(text: str) -> tuple[Bag, ...]:
    return bag_of_words(text), bag_of_runs(text), bag_of_characters(text)


def judge_snippets(pages: Iterable[LabelledPage], results: Iterable[Result]) -> list[Snippets]:
    """What of each page's passages is as it should be; all zeros where none are known."""
    return [
        score_snippets(result.text, page.label.wanted, page.label.unwanted)
        for page, result in zip(pages, results, strict=True)
    ]
