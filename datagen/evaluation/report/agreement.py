"""How far graders agree, two at a time: whether a judge may stand for people, and whether people mean the same."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np

from datagen.evaluation.grades import DIMENSIONS, GRADES, Dimension, Grade, Grading, overall
from schemas.strict import StrictModel

Pair = tuple[Grade, Grade]


class Agreement(StrictModel):
    """How often two graders say the same."""

    equal: float
    """The share of summaries with the same grade."""
    kappa: float | None
    """Cohen's kappa with linear weights (Cohen 1968): 1 equal, 0 as by chance; null where both gave one grade only."""


class GraderAgreement(StrictModel):
    """What two graders say of the summaries that both have graded."""

    grader: str
    """The one."""
    other: str
    """The other."""
    summaries: int
    """Graded by both."""
    overall: Agreement
    """On the grade of the whole summary."""
    dimensions: Mapping[Dimension, Agreement]
    """In each dimension."""


def agreements_of(gradings: Iterable[Grading]) -> list[GraderAgreement]:
    """For each two graders that have graded the same summaries."""
    by_grader: dict[str, dict[tuple[str, str], Grading]] = {}
    for grading in gradings:
        by_grader.setdefault(grading.grader, {})[grading.system, grading.item] = grading
    found: list[GraderAgreement] = []
    for grader, other in combinations(sorted(by_grader), 2):
        ours, theirs = by_grader[grader], by_grader[other]
        common = sorted(ours.keys() & theirs.keys())
        if common:
            found.append(
                GraderAgreement(
                    grader=grader,
                    other=other,
                    summaries=len(common),
                    overall=_agreement([(overall(ours[each].grades), overall(theirs[each].grades)) for each in common]),
                    dimensions={
                        dim: _agreement([(ours[each].grades[dim], theirs[each].grades[dim]) for each in common])
                        for dim in DIMENSIONS
                    },
                )
            )
    return found


def _agreement(pairs: Sequence[Pair]) -> Agreement:
    one, other = (np.array([GRADES.index(grade) for grade in side]) for side in zip(*pairs, strict=True))
    seen = np.abs(one - other).mean()
    by_chance = np.abs(one[:, None] - other[None, :]).mean()
    kappa = float(1 - seen / by_chance) if by_chance else None
    return Agreement(equal=float((one == other).mean()), kappa=kappa)
