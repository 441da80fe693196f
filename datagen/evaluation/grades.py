"""Grades of summaries: five dimensions, three levels (AFM R35, from memory of the paper).

A summary is good if it is good in every dimension, poor if it is poor in any, else neutral. The wording of the
dimensions is ours: Apple's is not published.
"""

from collections.abc import Mapping
from typing import Literal, NamedTuple, get_args

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


class Task(NamedTuple):
    """What is reported on by itself: no payload comes twice in it, so its summaries are independent."""

    use_case: str
    """The kind of the payloads."""
    product: str
    """What was asked for."""


class Grading(StrictModel):
    """What one grader says of one summary."""

    task: Task
    """What it is a summary for."""
    item: str = Field(min_length=1)
    """The payload and the product."""
    system: str = Field(min_length=1)
    """The model that wrote it."""
    grader: str = Field(min_length=1)
    """Who graded."""
    grades: Mapping[Dimension, Grade]
    """All five."""


def overall(grades: Mapping[Dimension, Grade]) -> Grade:
    """The grade of a summary. Raises ValueError: a dimension is missing."""
    missing = [dimension for dimension in DIMENSIONS if dimension not in grades]
    if missing:
        raise ValueError(f"no grade for {', '.join(missing)}")
    given = {grades[dimension] for dimension in DIMENSIONS}
    return "poor" if "poor" in given else "good" if given == {"good"} else "neutral"
