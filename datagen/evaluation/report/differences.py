"""Which of two systems is better: the difference of their shares of good summaries on the items that both answered.

Their own intervals may overlap although one is surely better, since easy items are easy for both.
"""

import math
from itertools import combinations

from datagen.evaluation.grades import Task, overall
from datagen.evaluation.report.shares import NORMAL, Graded
from schemas.strict import StrictModel

ADDED = 0.5
"""To each cell of the table of pairs, so that the interval holds for few of them too."""


class Difference(StrictModel):
    """The share of good summaries of one system less that of another."""

    task: Task
    """The use case and the product."""
    system: str
    """The one."""
    other: str
    """The other."""
    items: int
    """Graded of both."""
    difference: float
    """Above zero: ``system`` is better."""
    low: float
    """Lower end of the 95 % interval (adjusted Wald interval for matched pairs: Agresti and Min 2005)."""
    high: float
    """Upper end."""


def differences_of(graded: Graded) -> list[Difference]:
    """For each task and each two systems that have items in common."""
    found: list[Difference] = []
    for (task, system), (other_task, other) in combinations(graded, 2):
        common = graded[task, system].keys() & graded[other_task, other].keys() if task == other_task else set[str]()
        if common:
            pairs = [_is_good(graded, task, system, item) - _is_good(graded, task, other, item) for item in common]
            low, high = paired_interval(pairs.count(1), pairs.count(-1), len(pairs))
            found.append(
                Difference(
                    task=task, system=system, other=other, items=len(pairs), difference=sum(pairs) / len(pairs),
                    low=low, high=high,
                )
            )  # fmt: skip
    return found


def _is_good(graded: Graded, task: Task, system: str, item: str) -> int:
    return int(overall(graded[task, system][item]) == "good")


def paired_interval(only_one: int, only_other: int, total: int) -> tuple[float, float]:
    """The 95 % interval of the difference, from the number of pairs of which only the one or only the other is good."""
    b, c, n = only_one + ADDED, only_other + ADDED, total + 4 * ADDED
    middle = (b - c) / n
    half = NORMAL * math.sqrt(b + c - (b - c) ** 2 / n) / n
    return max(-1.0, middle - half), min(1.0, middle + half)
