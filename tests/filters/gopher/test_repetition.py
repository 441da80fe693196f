import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.batch import Batch
from filters.gopher.repetition import prepare
from schemas.steps.gopher import GopherRepetition
from tests.filters.gopher.test_kernels import (
    duplicate_ngrams_by_definition,
    duplicates_by_definition,
    top_by_definition,
)

PIECES = st.sampled_from(["a ", "b ", "ab ", "é ", "中文", " ", "\n", "\n\n", "\n\n\n", "\t", "👍"])
TEXTS = st.lists(st.lists(PIECES, max_size=60).map("".join), max_size=4)


def measured(texts):
    text = pa.array(texts, pa.large_string())
    unknown = pa.nulls(len(texts), pa.string())
    signals = prepare(GopherRepetition(lexer="whitespace"))(Batch(text, unknown, unknown)).signals
    assert set(signals) == {signal.name for signal in GopherRepetition.signals}
    return [
        dict(zip(signals, row, strict=True)) for row in zip(*(v.to_pylist() for v in signals.values()), strict=True)
    ]


def by_definition(text):
    paragraphs, lines, words = re.split("\n{2,}", text.strip()), re.split("\n+", text), text.split()
    counts = {}
    for name, elements in (("paragraph", paragraphs), ("line", lines)):
        repeated, characters = duplicates_by_definition(elements)
        counts[f"duplicate_{name}_fraction"] = repeated / len(elements)
        counts[f"duplicate_{name}_character_fraction"] = characters / len(text)
    for n in (2, 3, 4):
        counts[f"top_{n}gram_fraction"] = top_by_definition(words, n) / len(text)
    for n in range(5, 11):
        counts[f"duplicate_{n}gram_fraction"] = duplicate_ngrams_by_definition(words, n) / len(text)
    return {"character_count": len(text), **counts}


@given(TEXTS)
def test_every_value_is_as_defined(texts):
    texts = [text for text in texts if text]
    assert measured(texts) == [by_definition(text) for text in texts]


@pytest.mark.parametrize("text", ["\n", "\n\na\n", "\na\n\na\n\n", "a\n\n \n\na", "\n a\n\na \n"])
def test_line_breaks_at_the_ends(text):
    assert measured([text]) == [by_definition(text)]


def test_an_empty_text_has_no_fraction_but_a_length():
    (values,) = measured([""])
    assert values["character_count"] == 0
    assert values["top_2gram_fraction"] is None and values["duplicate_line_character_fraction"] is None
