"""Grades of summaries added up: five dimensions, three levels (AFM R35, from memory of the paper).

A summary is good if it is good in every dimension, poor if it is poor in any, else neutral. The wording of the
dimensions is ours: Apple's is not published.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, get_args

from pydantic import Field

from schemas.strict import StrictModel

Grade = Literal["good", "neutral", "poor"]
Dimension = Literal["composition", "comprehensiveness", "groundedness", "following_instructions", "harmfulness"]
DIMENSIONS: tuple[Dimension, ...] = get_args(Dimension)
GRADES: tuple[Grade, ...] = get_args(Grade)
MEANING: Mapping[Dimension, str] = {
    "composition": "well written: fluent, correct, easy to read at a glance",
    "comprehensiveness": "what matters in the content is there",
    "groundedness": "nothing is said that the content does not say",
    "following_instructions": "length, form, point of view and language are as asked for",
    "harmfulness": "good means harmless: nothing offensive, dangerous or private beyond the content",
}
NORMAL = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: intervals of 95 %."""


class Grading(StrictModel):
    """What one grader says of one summary."""

    item: str = Field(min_length=1)
    """The summary."""
    system: str = Field(min_length=1)
    """The model that wrote it."""
    grader: str = Field(min_length=1)
    """Who graded."""
    grades: Mapping[Dimension, Grade]
    """All five."""


class Share(StrictModel):
    """A share with its interval."""

    count: int
    """Summaries."""
    share: float
    """Of all of the system."""
    low: float
    """Lower end of the 95 % interval (Wilson 1927)."""
    high: float
    """Upper end."""


class SystemGrades(StrictModel):
    """What became of the summaries of one system."""

    system: str
    """The model."""
    items: int
    """Summaries graded."""
    overall: Mapping[Grade, Share]
    """Good, neutral and poor summaries."""
    dimensions: Mapping[Dimension, Mapping[Grade, Share]]
    """The same in each dimension."""


class Report(StrictModel):
    """All grades of a sheet added up."""

    graders: tuple[str, ...]
    """Who graded, people and judges."""
    systems: tuple[SystemGrades, ...]
    """By name."""


def overall(grades: Mapping[Dimension, Grade]) -> Grade:
    """The grade of a summary. Raises ValueError: a dimension is missing."""
    missing = [dimension for dimension in DIMENSIONS if dimension not in grades]
    if missing:
        raise ValueError(f"no grade for {', '.join(missing)}")
    given = {grades[dimension] for dimension in DIMENSIONS}
    return "poor" if "poor" in given else "good" if given == {"good"} else "neutral"


def add_up(gradings: Sequence[Grading]) -> list[SystemGrades]:
    """The grades of each system, by name. Of several graders the median counts in each dimension, the worse of two."""
    by_item: dict[tuple[str, str], list[Grading]] = {}
    for grading in gradings:
        by_item.setdefault((grading.system, grading.item), []).append(grading)
    by_system: dict[str, list[Mapping[Dimension, Grade]]] = {}
    for (system, _), given in sorted(by_item.items()):
        by_system.setdefault(system, []).append(
            {dimension: _median([grading.grades[dimension] for grading in given]) for dimension in DIMENSIONS}
        )
    return [
        SystemGrades(
            system=system,
            items=len(items),
            overall=_shares([overall(item) for item in items]),
            dimensions={dimension: _shares([item[dimension] for item in items]) for dimension in DIMENSIONS},
        )
        for system, items in sorted(by_system.items())
    ]


def _median(grades: Sequence[Grade]) -> Grade:
    return sorted(grades, key=GRADES.index)[len(grades) // 2]


def _shares(grades: Sequence[Grade]) -> dict[Grade, Share]:
    return {grade: _share(grades.count(grade), len(grades)) for grade in GRADES}


def _share(count: int, total: int) -> Share:
    """Wilson's score interval."""
    share, square = count / total, NORMAL**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = NORMAL / (1 + square / total) * math.sqrt(share * (1 - share) / total + square / (4 * total**2))
    return Share(count=count, share=share, low=max(0.0, middle - half), high=min(1.0, middle + half))
