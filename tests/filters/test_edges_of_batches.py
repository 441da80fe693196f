"""Families that edit lines, on batches of nothing and on slices of longer arrays."""

from dataclasses import replace

import pytest

from filters.registry import prepare
from schemas.steps.c4 import C4BadWords, C4Quality
from schemas.steps.dclm import DclmQuality, DclmRepetition, DclmUrls
from schemas.steps.refinedweb import RefinedWebLines
from tests.support.batches import batch_of

FAMILIES = [
    C4Quality(),
    C4Quality(sentence_splitter="spacy", end_marks=None),
    C4BadWords(default_language="en", keep_fraction=0.5),
    RefinedWebLines(),
    DclmUrls(),
    DclmQuality(),
    DclmRepetition(),
]
TEXTS = ["Come to example.org for nude photographs. Read on.\nMENU", "", "\n \n", "In short: e.g. this.\n5 likes\n中文"]


@pytest.mark.parametrize("step", FAMILIES, ids=lambda step: step.type)
def test_no_documents_have_no_values(step):
    found = prepare(step)(batch_of([]))
    assert set(found.signals) == {signal.name for signal in step.signals}
    assert [len(column) for column in found.signals.values()] == [0] * len(step.signals)
    assert found.text is None or len(found.text) == 0


@pytest.mark.parametrize("step", FAMILIES, ids=lambda step: step.type)
def test_a_slice_is_measured_like_its_documents_alone(step):
    measure = prepare(step)
    long, short = batch_of(["Before. All else.\n\nIt ends.", *TEXTS]), batch_of(TEXTS)
    part = replace(short, text=long.text[1:])
    found, expected = measure(part), measure(short)
    assert {name: column.to_pylist() for name, column in found.signals.items()} == {
        name: column.to_pylist() for name, column in expected.signals.items()
    }
    assert found.text == expected.text
