"""Language identification with lid.176."""

import gzip
import json
from functools import cache

import pyarrow as pa
import pytest
from fasttext.FastText import _FastText
from hypothesis import given, settings
from hypothesis import strategies as st

from filters.batch import Batch
from filters.errors import SettingError
from filters.language.identify import default_model, prepare
from schemas.steps.language import Language


def batch(texts):
    nothing = pa.nulls(len(texts), pa.string())
    return Batch(text=pa.array(texts, pa.large_string()), uri=nothing, language=nothing)


@cache
def model():
    return _FastText(str(default_model()))


def reference(text, wanted=None):
    """What datatrove's LanguageFilter compares with its threshold."""
    labels, scores = model().predict(text.replace("\n", " "), k=-1)
    found = {label.split("__")[2]: float(score) for label, score in zip(labels, scores, strict=True)}
    best = max(found, key=found.__getitem__)
    return best, found.get(wanted, 0.0) if wanted else found[best]


@pytest.fixture(scope="module")
def labelled(shared_data):
    """Human-checked texts of web pages with the language that their data set gives."""
    with gzip.open(shared_data / "web" / "web-dev-index.jsonl.gz", "rt") as rows:
        pages = {row["record_id"]: row for row in map(json.loads, rows)}
    found = []
    with gzip.open(shared_data / "web" / "web-dev-groundtruth.jsonl.gz", "rt") as rows:
        for row in map(json.loads, rows):
            page = pages[row["record_id"]]
            if row.get("text") and len(row["text"]) >= 200 and page["lang_source"] == "dataset":
                found.append((row["text"], page["lang"].partition("-")[0]))
    return found


def test_agrees_with_the_labels_of_real_pages(labelled):
    texts, languages = zip(*labelled, strict=True)
    signals = prepare(Language())(batch(texts)).signals
    right = [found == label for found, label in zip(signals["top1"].to_pylist(), languages, strict=True)]
    assert len(right) > 900
    assert sum(right) / len(right) > 0.985


def test_scores_are_those_of_the_reference(labelled):
    texts = [text for text, _ in labelled][::12]
    signals = prepare(Language(keep=("de",)))(batch(texts)).signals
    for text, score, top1, top1_score in zip(
        texts, *(signals[name].to_pylist() for name in ("score", "top1", "top1_score")), strict=True
    ):
        assert score == pytest.approx(reference(text, "de")[1], abs=1e-6)
        assert (top1, top1_score) == (reference(text)[0], pytest.approx(reference(text)[1], abs=1e-6))


def test_the_best_of_several_wanted_languages_is_scored():
    texts = ["Der schnelle braune Fuchs springt über den faulen Hund.", "The quick brown fox jumps over the lazy dog."]
    found = prepare(Language(keep=("en", "de")))(batch(texts))
    assert min(found.signals["score"].to_pylist()) > 0.65
    assert found.language.to_pylist() == ["de", "en"]
    only = prepare(Language(keep=("fr",)))(batch(texts))
    assert max(only.signals["score"].to_pylist()) < 0.1
    assert prepare(Language(keep=()))(batch(texts)).signals["score"].to_pylist() == pytest.approx(
        found.signals["top1_score"].to_pylist()
    )


def test_newlines_keep_words_apart():
    words = ["Bonjour", "tout", "le", "monde", "comment", "allez", "vous", "ici"]
    found = prepare(Language(keep=("fr",)))(batch(["\n".join(words), " ".join(words)])).signals["score"].to_pylist()
    assert found[0] == found[1] > 0.9


def test_max_characters_reads_only_the_start():
    text = "The quick brown fox jumps over the lazy dog. " * 10 + "Der schnelle braune Fuchs springt. " * 100
    whole = prepare(Language(keep=()))(batch([text]))
    start = prepare(Language(keep=(), max_characters=400))(batch([text]))
    assert (whole.language.to_pylist(), start.language.to_pylist()) == (["de"], ["en"])


@settings(max_examples=50)
@given(st.lists(st.text(alphabet=st.characters(codec="utf-8"), max_size=50), max_size=4))
def test_any_text_has_scores_between_0_and_1(texts):
    signals = prepare(Language())(batch(texts)).signals
    for text, score, top1_score in zip(
        texts, signals["score"].to_pylist(), signals["top1_score"].to_pylist(), strict=True
    ):
        assert score == pytest.approx(reference(text, "en")[1], abs=1e-6)
        assert 0 <= score <= top1_score <= 1.0001


def test_an_unknown_language_names_the_nearest():
    with pytest.raises(SettingError, match=r"'eng'.*nearest: en"):
        prepare(Language(keep=("eng",)))


def test_a_file_that_is_no_model_is_refused(tmp_path):
    (tmp_path / "model.ftz").write_bytes(b"not a model")
    for path in (tmp_path / "model.ftz", tmp_path / "absent.ftz"):
        with pytest.raises(SettingError, match=path.name):
            prepare(Language(model=path))
