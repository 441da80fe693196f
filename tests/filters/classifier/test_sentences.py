"""Sentences are found, scored and removed, and the rest of the text stays as it was."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from filters.classifier.model import load_classifier
from filters.classifier.sentence_split import split_sentences
from filters.classifier.sentences import prepare
from schemas.steps.classifier import FastTextSentences
from tests.support.classifiers import BAD, GOOD, sentence

pieces = st.sampled_from(["One.", "two", "Three!", " ", "\n", "\n\n", "  ", "。", "é", "…", '"', "\t", "a.b", "?"])
documents = st.lists(st.lists(pieces, max_size=12).map("".join) | st.text(max_size=30), min_size=1, max_size=5)


def split(*texts):
    return split_sentences(pa.array(texts, pa.large_string()))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One is here. Two is there! Is three? Yes", ["One is here.", "Two is there!", "Is three?", "Yes"]),
        ("It costs 3.14 dollars, e.g. here. Good.", ["It costs 3.14 dollars, e.g. here.", "Good."]),
        ("“Stop!” he said. (Really.) Then…  Silence.", ["“Stop!” he said.", "(Really.)", "Then…", "Silence."]),
        ("A heading\n  An item\n\nText.", ["A heading", "An item", "Text."]),
        ("你好。今天！好吗？是", ["你好。", "今天！", "好吗？", "是"]),
        (" \n ", []),
        ("", []),
    ],
)
def test_finds_sentences(text, sentences):
    assert split(text).texts().to_pylist() == sentences


@given(documents)
@example(["a\n\n\nb", ""])
def test_removing_nothing_gives_the_same_bytes(texts):
    found = split(*texts)
    assert found.without(np.zeros(len(found.spans), bool)).to_pylist() == texts


@given(documents)
def test_sentences_are_all_of_the_text_but_white_space(texts):
    found = split(*texts)
    by_document = np.split(np.array(found.texts().to_pylist(), dtype=object), found.offsets[1:-1])
    for text, sentences in zip(texts, by_document, strict=True):
        ascii_space = str.maketrans("", "", " \t\n\r\x0b\x0c")
        assert "".join(sentences).translate(ascii_space) == text.translate(ascii_space)
        assert all(found and found == found.strip(" \t\n\r\x0b\x0c") for found in sentences)


@given(documents, st.integers(0, 2**32))
def test_removing_some_leaves_the_others_whole_and_apart(texts, bits):
    found = split(*texts)
    removed = np.array([bool(bits >> position % 32 & 1) for position in range(len(found.spans))], dtype=bool)
    edited = found.without(removed)
    assert len(edited) == len(texts)
    kept = [text for text, gone in zip(found.texts().to_pylist(), removed, strict=True) if not gone]
    joined = "".join(edited.to_pylist())
    space = str.maketrans("", "", " \t\n\r\x0b\x0c")
    assert joined.translate(space) == "".join(kept).translate(space)
    position = 0
    for text in kept:
        position = joined.index(text, position) + len(text)


@pytest.mark.parametrize(
    ("text", "removed", "left"),
    [
        ("One. Two. Three.", [1], "One. Three."),
        ("One.\n\nTwo.\n\nThree.", [1], "One.\n\nThree."),
        ("One. Two.\n\nThree.", [1], "One.\n\nThree."),
        ("One.\n\nTwo. Three.", [1], "One.\n\nThree."),
        ("One. Two. Three.\n", [0], "Two. Three.\n"),
        ("  One. Two.\n", [1], "  One."),
        ("One.\nTwo.\nThree. Four.", [1, 2], "One.\nFour."),
        ("One. Two.", [0, 1], ""),
    ],
)
def test_takes_the_white_space_around_what_goes(text, removed, left):
    found = split(text)
    mask = np.zeros(len(found.spans), bool)
    mask[removed] = True
    assert found.without(mask).to_pylist() == [left]


def test_reads_slices():
    texts = pa.array(["Skip this. One.", "Two. Three.", "Four."], pa.large_string())
    found = split_sentences(texts[1:])
    assert found.texts().to_pylist() == ["Two.", "Three.", "Four."]
    assert found.without(np.array([True, False, False])).to_pylist() == ["Three.", "Four."]
    assert split_sentences(texts[:0]).without(np.zeros(0, bool)).to_pylist() == []


def test_removes_bad_sentences_and_measures_them(tiny_model, batch_of):
    good = [sentence(GOOD, seed) for seed in range(3)]
    bad = sentence(BAD, 1)
    step = FastTextSentences(name="toxic_sentences", model=tiny_model, label="negative", remove_at_least=0.5)
    found = prepare(step)(batch_of(f"{good[0]} {bad}\n\n{good[1]}", good[2], bad, "  "))
    assert found.text is not None
    assert found.text.to_pylist() == [f"{good[0]}\n\n{good[1]}", good[2], "", "  "]
    assert found.signals["sentences"].to_pylist() == [3, 1, 1, 0]
    shares = found.signals["removed_share"].to_pylist()
    assert shares[0] == pytest.approx(len(bad) / (len(bad) + len(good[0]) + len(good[1])))
    assert shares[1:] == [0, 1, 0]
    worst = found.signals["max_score"].to_pylist()
    assert worst[3] is None
    assert worst[1] < 0.5 < worst[0]
    assert {name: array.type for name, array in found.signals.items()} == {
        signal.name: signal.dtype for signal in step.signals
    }


def test_the_limit_itself_is_removed(tiny_model, batch_of):
    text = "Careful casino evidence"
    score = load_classifier(tiny_model, "negative").score(pa.array([text], pa.large_string()))[0].as_py()
    at = FastTextSentences(name="bad", model=tiny_model, label="negative", remove_at_least=score)
    over = FastTextSentences(name="bad", model=tiny_model, label="negative", remove_at_least=min(1, score + 1e-4))
    assert prepare(at)(batch_of(text)).text.to_pylist() == [""]
    assert prepare(over)(batch_of(text)).text is None


def test_scores_each_sentence_as_if_alone(tiny_model, batch_of):
    sentences = [sentence(words, seed) for seed in range(4) for words in (GOOD, BAD)]
    step = FastTextSentences(name="bad", model=tiny_model, label="negative")
    alone = prepare(step)(batch_of(*sentences)).signals["max_score"].to_pylist()
    together = prepare(step)(batch_of(" ".join(sentences))).signals["max_score"].to_pylist()
    assert together == [max(alone)]
