import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.batch import Batch
from filters.fineweb import prepare
from schemas.steps.fineweb import FineWebQuality
from tests.filters.gopher.test_kernels import duplicates_by_definition

PIECES = st.sampled_from(
    ["word ", "a longer line than thirty characters, sure", ".", "?", "。", "؟", "”", " ", "\n", "\n", "\r"]
)
TEXTS = st.lists(st.lists(PIECES, max_size=40).map("".join), max_size=4)


def measured(texts, **settings):
    text = pa.array(texts, pa.large_string())
    unknown = pa.nulls(len(texts), pa.string())
    signals = prepare(FineWebQuality(lexer="whitespace", **settings))(Batch(text, unknown, unknown)).signals
    assert set(signals) == {signal.name for signal in FineWebQuality.signals}
    return [
        dict(zip(signals, row, strict=True)) for row in zip(*(v.to_pylist() for v in signals.values()), strict=True)
    ]


def by_definition(text):
    lines = [line for line in text.split("\n") if line.strip()]
    ends = (".", "?", "。", "؟")
    return {
        "line_count": len(lines),
        "punctuated_line_ratio": sum(line.endswith(ends) for line in lines) / len(lines),
        "short_line_ratio": sum(len(line) <= 30 for line in lines) / len(lines),
        "duplicate_character_ratio": duplicates_by_definition(lines)[1] / len(text.replace("\n", "")),
        "newline_ratio": text.count("\n") / len(text.split()),
    }


@given(TEXTS)
def test_every_value_is_as_defined(texts):
    texts = [text for text in texts if text.strip()]
    assert measured(texts) == [by_definition(text) for text in texts]


@pytest.mark.parametrize("text", ["", "\n", " \n\t"])
def test_a_blank_text_has_no_lines(text):
    (values,) = measured([text])
    assert values["line_count"] == 0
    assert values["short_line_ratio"] is None and values["newline_ratio"] is None


def test_a_line_with_a_space_at_its_end_does_not_end_a_sentence():
    assert [v["punctuated_line_ratio"] for v in measured(["It ends.", "It ends. ", "It ends.\nNot"])] == [1, 0, 0.5]


def test_thirty_characters_are_short_and_the_length_is_a_setting():
    text = "x" * 30 + "\n" + "y" * 31
    assert measured([text])[0]["short_line_ratio"] == 0.5
    assert measured([text], short_line_length=31)[0]["short_line_ratio"] == 1.0
