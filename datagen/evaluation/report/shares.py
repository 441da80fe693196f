"""The shares of good, neutral and poor summaries of each system, with 95 % intervals."""

import math
from collections.abc import Iterable, Mapping, Sequence

from datagen.evaluation.grades import DIMENSIONS, GRADES, Dimension, Grade, Grading, Task, overall
from schemas.strict import StrictModel

NORMAL = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: intervals of 95 %."""

Graded = dict[tuple[Task, str], dict[str, Mapping[Dimension, Grade]]]
"""By task and system, then by item."""


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
    """What became of the summaries of one system for one task."""

    task: Task
    """The use case and the product."""
    system: str
    """The model."""
    items: int
    """Summaries graded."""
    overall: Mapping[Grade, Share]
    """Good, neutral and poor summaries."""
    dimensions: Mapping[Dimension, Mapping[Grade, Share]]
    """The same in each dimension."""


def joined(gradings: Iterable[Grading]) -> Graded:
    """One grade a summary and dimension: of several graders the median, of two the worse."""
    given: dict[tuple[Task, str], dict[str, list[Grading]]] = {}
    for grading in gradings:
        given.setdefault((grading.task, grading.system), {}).setdefault(grading.item, []).append(grading)
    return {
        group: {
            item: {dimension: _median([each.grades[dimension] for each in of_item]) for dimension in DIMENSIONS}
            for item, of_item in sorted(items.items())
        }
        for group, items in sorted(given.items())
    }


def shares_of(graded: Graded) -> list[SystemGrades]:
    """The shares of each system, by task."""
    return [
        SystemGrades(
            task=task,
            system=system,
            items=len(items),
            overall=_shares([overall(item) for item in items.values()]),
            dimensions={dim: _shares([item[dim] for item in items.values()]) for dim in DIMENSIONS},
        )
        for (task, system), items in graded.items()
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
