import re

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from filters.lexing.lines import split_lines, split_paragraphs, with_newlines

LINES = st.sampled_from(
    ["\n", "\n\n", "\r\n", "\r", "\x0b", "\x1c", "\x85", "\u2028", " ", "\t", "a", "é", "中文", "👍", "."]
)
TEXTS = st.lists(st.lists(LINES, max_size=20).map("".join), max_size=5)


def large(texts):
    return pa.array(texts, pa.large_string())


def as_lists(lines):
    return [lines.text.slice(a, b - a).to_pylist() for a, b in zip(lines.offsets, lines.offsets[1:], strict=False)]


@given(TEXTS)
def test_lines_are_those_of_str_split(texts):
    assert as_lists(split_lines(large(texts))) == [text.split("\n") for text in texts]


@given(TEXTS)
def test_paragraphs_are_those_between_runs_of_line_breaks(texts):
    assert as_lists(split_paragraphs(large(texts))) == [re.split(r"\n{2,}", text.strip()) for text in texts]


@given(TEXTS)
def test_every_boundary_of_str_splitlines_becomes_a_line_break(texts):
    assert [text.split("\n") for text in with_newlines(large(texts)).to_pylist()] == [
        [*text.splitlines(), *([""] if not text or text.splitlines(keepends=True)[-1] != text.splitlines()[-1] else [])]
        for text in texts
    ]


@given(TEXTS)
def test_facts_of_lines(texts):
    lines = split_lines(large(texts))
    flat = [line for text in texts for line in text.split("\n")]
    assert lines.length.tolist() == [len(line) for line in flat]
    assert lines.is_blank.tolist() == [not line.strip() for line in flat]
    assert lines.per_document.tolist() == [len(text.split("\n")) for text in texts]
    numbers = dict(zip(flat, lines.ids.tolist(), strict=True))
    assert lines.ids.tolist() == [numbers[line] for line in flat]
    assert len(set(numbers.values())) == len(numbers)


@given(TEXTS)
def test_selected_lines(texts):
    lines = split_lines(large(texts))
    assert as_lists(lines.select(~lines.is_blank)) == [
        [line for line in text.split("\n") if line.strip()] for text in texts
    ]


def test_a_slice_of_an_array_has_its_own_lines():
    assert as_lists(split_lines(large(["a\nb", "c\nd", "e"]).slice(1))) == [["c", "d"], ["e"]]
