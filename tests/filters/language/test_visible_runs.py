"""The runs of visible text in a page are those that expressions find in its characters."""

import re

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from filters.language.visible_runs import visible_runs

WINDOW, LEAST = 120, 3
RUN = re.compile(r">\s*+([^<>]{3,})")
PIECES = (
    "<body", "<body class=a>", "<p>", "</p>", "<", ">", "ab", "a b c", " ", "\n", "\u00a0", "\u2003", "\u3000", "\x85",
    "<script>", "</script>", "<style>", "</style", "<SCRIPT", "</SCRIPT>", "<b>", "日本語のテキスト", "né", "&amp;",
)  # fmt: skip


def expected(page: str) -> list[str]:
    start = max(page.find("<body"), 0)
    window = page[start : start + WINDOW]
    for tag in ("script", "style", "SCRIPT", "STYLE"):
        first, *others = window.split(f"<{tag}")
        window = first + "".join(other.partition(f"</{tag}")[2] for other in others)
    return RUN.findall(window)


def found(page: str) -> list[str]:
    data = np.frombuffer(page.encode(), np.uint8)
    runs = visible_runs(data, WINDOW, LEAST).tolist()
    texts = [data[begin:end].tobytes().decode() for begin, end, _ in runs]
    assert [len(text) for text in texts] == [characters for _, _, characters in runs]
    return texts


@given(st.lists(st.sampled_from([piece for piece in PIECES if "style" not in piece and "SCRIPT" not in piece])))
@example(["<body", "<script>", "ab", ">", "a b c"])
@example(["<p>", " ", "\u2003", "ab", "ab", "<script>", "a b c", "<script>", "ab", "</script>", "日本語のテキスト"])
def test_with_scripts(pieces: list[str]) -> None:
    page = "".join(pieces)
    assert found(page) == expected(page)


@given(st.lists(st.sampled_from(PIECES)))
def test_whatever_the_page_runs_are_text_between_two_tags(pieces: list[str]) -> None:
    page = "".join(pieces)
    for text in found(page):
        assert len(text) >= LEAST
        assert text in page
        assert not set("<>") & set(text)
        assert text == text.lstrip()


def test_a_style_sheet_hides_what_is_in_it_and_a_script_in_it() -> None:
    page = "<body><p>one two<style>p > a {} <script> </style>three four<SCRIPT>x > yyyyy</SCRIPT>five six</p>"
    assert found(page) == ["one two", "three four", "five six"]
