"""The depth of tags, without parsing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.extract.nesting import is_nested_deeper
from pipelines.extract.page import Page


@pytest.mark.parametrize(
    ("page", "depth"),
    [
        ("", 0),
        ("<", 0),
        ("<div>", 1),
        ("<div>" * 300 + "</div>" * 300, 300),
        ("<div></div>" * 300, 1),
        ("<DIV><b>" * 150, 300),
        ("<br><img><p>text" * 300, 0),
        ("<ul><li>" * 150, 150),
        ("<!--" + "<div>" * 300 + "-->", 0),
        ("<script>" + "'<div>'" * 300 + "</script>", 0),
        ("</div>" * 300 + "<div>", 1),
        ("<pre>" * 300, 300),
        ("a < b " * 300, 0),
    ],
)
def test_depths(page: str, depth: int) -> None:
    assert not is_nested_deeper(page.encode(), depth)
    assert depth == 0 or is_nested_deeper(page.encode(), depth - 1)


def test_real_pages_are_not_nested_deeply(real_pages: list[Page]) -> None:
    assert not any(is_nested_deeper(page.html.encode(errors="replace"), 300) for page in real_pages)


@given(st.binary())
def test_any_bytes_can_be_scanned(page: bytes) -> None:
    assert not is_nested_deeper(page, len(page))


@pytest.mark.parametrize("unit", [b"<div>", b"<!--", b"<script", b"<", b"</", b"<script></style"])
def test_hostile_pages_take_linear_time(unit: bytes) -> None:
    """With quadratic time, 10 MB would take hours."""
    assert is_nested_deeper(unit * (10_000_000 // len(unit)), 1_000) == (unit == b"<div>")
