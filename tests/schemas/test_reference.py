"""The page of rules has every rule of every step, and is current."""

from typing import get_args

import pytest

from schemas import reference
from schemas.bounds import Bound
from schemas.corpus_reference import corpus_families
from schemas.recipe.deduplicate import Deduplicate
from schemas.step import Step
from schemas.steps import FilterStep, PageStep

FAMILIES = [*reference.page_families(), *reference.text_families()]


def steps() -> list[type[Step]]:
    members = [get_args(union)[0] for union in (PageStep, FilterStep)]
    return [step for member in members for step in (get_args(member) or (member,))]


def test_has_every_step_once_in_its_group():
    assert [family.type for family in FAMILIES] == [step.model_fields["type"].default for step in steps()]


@pytest.mark.parametrize(("step", "family"), list(zip(steps(), FAMILIES, strict=True)))
def test_has_every_rule_and_signal_with_its_default(step, family):
    rows = {row.code.partition(".")[2]: row for row in family.rows}
    assert set(rows) == {signal.name for signal in step.signals}
    rules = [row.code.partition(".")[2] for row in family.rows if row.is_rule]
    assert rules == list(step.rule_names())
    for name in rules:
        bound = step.model_fields[name].get_default(call_default_factory=True)
        assert rows[name].default == (bound.describe() if isinstance(bound, Bound) else "off")


def test_explains_every_signal():
    for row in (row for family in [*FAMILIES, *corpus_families()] for row in family.rows):
        assert row.meaning, row.code
        assert row.source, row.code
        assert row.unit, row.code


def test_has_the_rules_of_every_section_that_drops_documents():
    duplicates, contamination = corpus_families()
    rules = [row.code for row in duplicates.rows if row.is_rule]
    sections = [name for name in Deduplicate.model_fields if name not in ("scope", "survivor")]
    assert rules == [f"duplicate.{section}" for section in sections]
    assert [row.code for row in contamination.rows if row.is_rule] == ["contamination.ngrams"]


def test_the_page_is_current(repository):
    page = (repository / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == reference.markdown(), "run: orchard rules --markdown docs/rules.md"
