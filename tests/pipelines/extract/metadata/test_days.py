"""Days in texts for people."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.extract.metadata.days import SIGN, day_in_text

LATEST = "2026-01-01"
PLAIN = re.compile(r"(?:19|20)[0-9][0-9]|[0-9][./-][0-9]{1,2}[./-][0-9][0-9]")


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("by Ann\nMarch 5, 2021\nApril 6, 2022", "en", "2021-03-05"),
        ("5.3.21", "de", "2021-03-05"),
        ("am 5. März 2021 in Bern", "de", "2021-03-05"),
        ("2021年3月5日", "ja", "2021-03-05"),
        ("in 2021\nno. 1.2.99999\n2021-03-05", "en", "2021-03-05"),
        ("May 5, 2027\n4 May 2025", "en", "2025-05-04"),
        ("version 3.12, 1984", "en", None),
        ("", "en", None),
    ],
)
def test_the_first_day_that_is_not_too_late(text, language, day):
    assert day_in_text(text, language, LATEST) == day


@settings(max_examples=400, deadline=None)
@given(st.text("1290./-a\n ", max_size=24))
def test_a_text_is_searched_as_its_lines_one_by_one(text):
    assert bool(SIGN.search(text)) == bool(PLAIN.search(text))
    alone = (day_in_text(line, "en", LATEST) for line in text.split("\n"))
    assert day_in_text(text, "en", LATEST) == next((day for day in alone if day), None)
