"""All grades of a sheet added up."""

from collections import Counter
from collections.abc import Mapping, Sequence

from datagen.evaluation.grades import Grading
from datagen.evaluation.report.agreement import GraderAgreement, agreements_of
from datagen.evaluation.report.differences import Difference, differences_of
from datagen.evaluation.report.shares import SystemGrades, joined, shares_of
from schemas.strict import StrictModel


class Report(StrictModel):
    """What ``grades.json`` holds."""

    graders: Mapping[str, int]
    """How many summaries each grader, person or judge, has graded."""
    systems: tuple[SystemGrades, ...]
    """By task and name."""
    differences: tuple[Difference, ...]
    """Of each two systems."""
    agreement: tuple[GraderAgreement, ...]
    """Of each two graders."""


def make_report(gradings: Sequence[Grading]) -> Report:
    """Each grader's gradings of different summaries, added up."""
    graded = joined(gradings)
    return Report(
        graders=dict(sorted(Counter(grading.grader for grading in gradings).items())),
        systems=tuple(shares_of(graded)),
        differences=tuple(differences_of(graded)),
        agreement=tuple(agreements_of(gradings)),
    )
