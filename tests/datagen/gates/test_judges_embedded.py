"""Judges asked of the small model on this machine: a model that rambles still gives a judgement."""

import asyncio
from collections.abc import Sequence

import pytest
from pydantic import BaseModel

from datagen.gates.models.coverage_judge import CoverageJudgeGate
from datagen.gates.models.judge import MATTERS, JudgeGate
from datagen.query import Query
from datagen.structured import Answered, ask_for
from datagen.teachers.embedded import Embedded
from schemas.generation.teacher import EmbeddedTeacher
from tests.support.summaries import summary

SOURCE = (
    "Ann: The EC has doubts about the tax arrangement, and is now looking into our tax laws. Bo: What does the company "
    "say? Ann: That it pays what it owes, and will meet the commission on Monday."
)


@pytest.fixture(scope="module")
def teacher() -> Embedded:
    return Embedded(EmbeddedTeacher())


def answers(teacher: Embedded, queries: Sequence[Query]) -> list[BaseModel | None]:
    """What the model gives, each an answer of its form."""

    async def each() -> list[object]:
        return [await ask_for(query.form, query.request("summaries"), teacher.send) for query in queries]

    found = asyncio.run(each())
    assert [type(one) for one in found] == [Answered] * len(queries), found
    return [one.answer if isinstance(one, Answered) else None for one in found]


@pytest.mark.parametrize("matter", MATTERS.values(), ids=MATTERS)
def test_both_wordings_are_answered(teacher, matter):
    (verdict,) = JudgeGate(lambda queries: answers(teacher, queries), matter, 2).judge(
        [summary(SOURCE, "The company is facing difficulties, and the staff needs to find new jobs.")]
    )
    assert verdict.reason != "no_judgement"


def test_each_question_about_the_payload_is_answered(teacher):
    (verdict,) = CoverageJudgeGate(lambda queries: answers(teacher, queries), 1.0).judge(
        [summary(SOURCE, "The EC has doubts about the tax arrangement of the company.")]
    )
    assert verdict.reason != "no_judgement"
