"""Entities of a page as characters."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.blocks.characters import unescape


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("&#" + "1" * 5_000 + ";x", "�x"),
        ("&#" + "1" * 5_000 + "x", "�x"),
        ("&#" + "0" * 5_000 + "65;x", "Ax"),
        ("&#" + "0" * 5_000 + ";", "�"),
        ("&#x" + "0" * 5_000 + "41;", "A"),
        ("&#xD800;&#0;", "��"),
    ],
)
def test_numbers_of_any_length(source: str, expected: str) -> None:
    assert unescape(source) == expected


@given(st.text(alphabet="&#x0165;amplt A", max_size=40))
def test_it_reads_what_the_standard_library_reads(source: str) -> None:
    assert unescape(source) == html.unescape(source)
