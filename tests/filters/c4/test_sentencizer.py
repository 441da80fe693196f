import pyarrow as pa
import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.pipeline.sentencizer import Sentencizer

from filters.c4.sentencizer import END_MARKS, count_sentencizer_sentences


@pytest.fixture(scope="module")
def pipeline():
    pipeline = spacy.blank("en")
    pipeline.add_pipe("sentencizer")
    return pipeline


def test_end_marks_are_those_of_spacy():
    assert set(Sentencizer.default_punct_chars) == END_MARKS


MARKS = [".", "!", "?", "...", "。", '"', "»", "(", ")", "#", " ", "  ", "\xa0", "\t"]
PIECES = st.sampled_from([*MARKS, "Hello", "world", "U.S.", "e.g.", "don't", "1.5"])


@given(lines=st.lists(st.lists(PIECES, max_size=20).map("".join).map(str.strip), max_size=5))
def test_sentences_are_those_of_spacy(pipeline, lines):
    expected = [len(list(pipeline(line).sents)) for line in lines]
    assert count_sentencizer_sentences(pa.array(lines, pa.large_string())).tolist() == expected
