"""Grades add up as they should: shares, differences on the same items, agreement of graders."""

import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datagen.evaluation.grades import DIMENSIONS, GRADES, Grading, Task, overall
from datagen.evaluation.report.differences import paired_interval
from datagen.evaluation.report.report import make_report

GOOD = dict.fromkeys(DIMENSIONS, "good")
POOR = GOOD | {"groundedness": "poor"}
TASK = Task("email", "topline")


def grading(item, grades, system="m", grader="a", task=TASK):
    return Grading(task=task, item=f"i{item}", system=system, grader=grader, grades=grades)


def test_grades_add_up_with_intervals():
    (result,) = make_report([grading(n, POOR if n < 30 else GOOD) for n in range(100)]).systems
    assert (result.items, result.overall["good"].share, result.overall["poor"].count) == (100, 0.7, 30)
    # Wilson's interval of 70 in 100, as statistics packages give it.
    assert result.overall["good"].low == pytest.approx(0.6042, abs=1e-4)
    assert result.overall["good"].high == pytest.approx(0.7811, abs=1e-4)
    assert result.dimensions["groundedness"]["poor"].count == 30
    assert result.dimensions["composition"]["good"].share == 1


def test_use_cases_and_products_are_told_apart():
    """AFM reports each use case by itself; and several products of one payload are no independent items."""
    tasks = [Task("email", "topline"), Task("email", "title"), Task("message", "topline")]
    gradings = [
        grading(n, POOR if n < 10 * number else GOOD, task=task) for number, task in enumerate(tasks) for n in range(50)
    ]
    found = {system.task: system for system in make_report(gradings).systems}
    assert {task: (one.items, one.overall["poor"].count) for task, one in found.items()} == {
        tasks[0]: (50, 0), tasks[1]: (50, 10), tasks[2]: (50, 20),
    }  # fmt: skip


def test_the_median_of_graders_counts_the_worse_of_two():
    given_ = [grading(0, GOOD | {"composition": c}, grader=g) for g, c in zip("abc", GRADES, strict=True)]
    assert make_report(given_).systems[0].dimensions["composition"]["neutral"].count == 1
    assert make_report(given_[:2]).systems[0].dimensions["composition"]["neutral"].count == 1


def test_systems_are_compared_on_what_both_answered():
    one = [grading(n, GOOD if n < 60 else POOR, "one") for n in range(100)]
    other = [grading(n, GOOD if n < 45 else POOR, "other") for n in range(110)]
    report = make_report(one + other)
    (found,) = report.differences
    assert (found.system, found.other, found.items) == ("one", "other", 100)
    assert found.difference == pytest.approx(0.15)
    # 15 pairs of one kind, none of the other, half a pair added to each of the four cells: 15 / 102 +- 1.96 * 0.0364.
    assert (found.low, found.high) == (pytest.approx(0.0757, abs=1e-4), pytest.approx(0.2184, abs=1e-4))
    apart = {system.system: system.overall["good"] for system in report.systems}
    assert apart["one"].low < apart["other"].high  # by their own intervals nobody would know
    assert make_report(one + [grading(n + 500, GOOD, "other") for n in range(9)]).differences == ()


@pytest.mark.parametrize("n", [10, 50])
@pytest.mark.parametrize(("only_one", "only_other"), [(0.2, 0.1), (0.05, 0.02), (0.4, 0.0)])
def test_the_interval_of_a_difference_holds_in_about_95_of_100_cases(only_one, only_other, n):
    """Exactly: over all tables of pairs that there may be, by their probability."""
    covered = 0.0
    for b in range(n + 1):
        for c in range(n - b + 1):
            low, high = paired_interval(b, c, n)
            ways = math.comb(n, b) * math.comb(n - b, c)
            chance = ways * only_one**b * only_other**c * (1 - only_one - only_other) ** (n - b - c)
            covered += chance * (low <= only_one - only_other <= high)
    assert covered > 0.93


PAIRS = st.lists(st.tuples(*[st.fixed_dictionaries({d: st.sampled_from(GRADES) for d in DIMENSIONS})] * 2), min_size=1)


@given(PAIRS)
def test_agreement_is_cohens(pairs):
    gradings = [
        grading(n, grades, grader=g) for n, both in enumerate(pairs) for g, grades in zip("ab", both, strict=True)
    ]
    (found,) = make_report(gradings).agreement
    assert (found.grader, found.other, found.summaries) == ("a", "b", len(pairs))
    columns = {d: [(one[d], other[d]) for one, other in pairs] for d in DIMENSIONS}
    columns["overall"] = [(overall(one), overall(other)) for one, other in pairs]
    for name, column in columns.items():
        agreement = found.overall if name == "overall" else found.dimensions[name]
        assert agreement.equal == pytest.approx(sum(a == b for a, b in column) / len(column))
        assert agreement.kappa == pytest.approx(kappa(column), abs=1e-9)


def kappa(pairs):
    """By its definition: one less the weighted disagreement seen over that by chance."""
    weight = {(a, b): abs(GRADES.index(a) - GRADES.index(b)) for a in GRADES for b in GRADES}
    one, other, n = Counter(a for a, _ in pairs), Counter(b for _, b in pairs), len(pairs)
    seen = math.fsum(weight[pair] for pair in pairs) / n
    chance = math.fsum(weight[a, b] * one[a] * other[b] for a in GRADES for b in GRADES) / n**2
    return None if chance == 0 else 1 - seen / chance
