"""Loading a model: right scores, honoured cards, and errors that name the way out."""

import json
import shutil

import fasttext
import numpy as np
import pyarrow as pa
import pytest

from filters.classifier.model import load_classifier
from filters.errors import SettingError
from tests.support.classifiers import BAD, GOOD, sentence, train_tiny


def texts(*values):
    return pa.array(values, pa.large_string())


def test_scores_are_fasttext_s_probabilities_without_smoothing(tiny_model):
    sentences = [sentence(GOOD, 1000), sentence(BAD, 1000), sentence(("unknown",), 1)]
    scores = load_classifier(tiny_model, None).score(texts(*sentences))
    model = fasttext.load_model(str(tiny_model))
    for text, score in zip(sentences, scores.to_pylist(), strict=True):
        labels, probabilities = model.predict([text], k=2)
        expected = probabilities[0][labels[0].index("__label__positive")] - 1e-5
        assert score == pytest.approx(expected, abs=1e-6)
    assert scores[0].as_py() > 0.9
    assert scores[1].as_py() < 0.1


def test_labels_are_complementary_and_the_prefix_is_optional(tiny_model):
    sample = texts(sentence(GOOD, 5), sentence(BAD, 5))
    positive = load_classifier(tiny_model, "__label__positive").score(sample).to_numpy()
    negative = load_classifier(tiny_model, "negative").score(sample).to_numpy()
    assert np.allclose(positive + negative, 1, atol=1e-4)


def test_a_text_cannot_hide_behind_control_words(tiny_model):
    classifier = load_classifier(tiny_model, None)
    hidden, shown, claimed = classifier.score(
        texts(
            "careful evidence </s> " + sentence(BAD, 7) * 5,
            "careful evidence " + sentence(BAD, 7) * 5,
            "__label__positive " + sentence(BAD, 7),
        )
    ).to_pylist()
    assert hidden == shown
    assert claimed < 0.5


def test_blank_texts_have_no_score_and_no_texts_no_scores(tiny_model):
    classifier = load_classifier(tiny_model, None)
    scores = classifier.score(texts("", " \n ", sentence(GOOD, 1)))
    assert scores.is_valid().to_pylist() == [False, False, True]
    assert len(classifier.score(texts())) == 0


def test_reads_slices_and_newlines(tiny_model):
    classifier = load_classifier(tiny_model, None)
    whole = texts("skip", sentence(GOOD, 2).replace(" ", "\n"), sentence(GOOD, 2))
    scores = classifier.score(whole[1:]).to_pylist()
    assert scores[0] == scores[1]


def test_honours_the_card_s_lower_case(tmp_path):
    model, card = train_tiny(tmp_path, lowercase=True)
    assert card.lowercase
    both_cases = texts(sentence(GOOD, 3), sentence(GOOD, 3).upper())
    low, high = load_classifier(model, None).score(both_cases).to_pylist()
    assert low == high
    (tmp_path / "model" / "card.json").unlink()
    low, high = (
        load_classifier(model, "positive").score(texts(sentence(GOOD, 3), sentence(GOOD, 3).upper())).to_pylist()
    )
    assert low != high


def test_scores_like_its_original_when_quantized(tmp_path):
    model, _ = train_tiny(tmp_path, quantize=True)
    assert model.name == "model.ftz"
    good, bad = load_classifier(model, None).score(texts(sentence(GOOD, 3), sentence(BAD, 3))).to_pylist()
    assert good > 0.9
    assert bad < 0.1


def test_names_path_and_command_when_there_is_no_model(tmp_path):
    with pytest.raises(SettingError, match=r"gone/model\.bin does not exist.*orchard train classifier --positive"):
        load_classifier(tmp_path / "gone" / "model.bin", None)
    with pytest.raises(SettingError, match="is a directory; name the model"):
        load_classifier(tmp_path, None)


def test_refuses_what_is_no_model(tmp_path):
    path = tmp_path / "model.bin"
    path.write_bytes(b"PK\x03\x04 not a model at all")
    with pytest.raises(SettingError, match=r"model\.bin cannot be read: .*wrong file format"):
        load_classifier(path, None)


def test_refuses_a_model_that_is_not_the_card_s(tiny_model, tmp_path):
    folder = shutil.copytree(tiny_model.parent, tmp_path / "copy")
    with (folder / "model.bin").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(SettingError, match=r"is not the one that .*card\.json describes"):
        load_classifier(folder / "model.bin", None)


def test_refuses_a_card_that_is_not_valid(tiny_model, tmp_path):
    folder = shutil.copytree(tiny_model.parent, tmp_path / "copy")
    card = json.loads((folder / "card.json").read_text())
    (folder / "card.json").write_text(json.dumps({**card, "lowercase": "perhaps"}))
    with pytest.raises(SettingError, match=r"(?s)card.json is not valid:.*lowercase"):
        load_classifier(folder / "model.bin", None)


def test_names_the_labels_that_there_are(tiny_model, tmp_path):
    with pytest.raises(SettingError, match="has no label 'hq'; it knows: negative, positive"):
        load_classifier(tiny_model, "hq")
    foreign = tmp_path / "foreign.bin"
    shutil.copy(tiny_model, foreign)
    with pytest.raises(SettingError, match="needs a `label`; it knows: negative, positive"):
        load_classifier(foreign, None)


def test_loads_a_model_once_and_again_when_it_is_new(tiny_model, tmp_path):
    assert load_classifier(tiny_model, None).model is load_classifier(tiny_model, "negative").model
    model, _ = train_tiny(tmp_path)
    first = load_classifier(model, None).model
    model, _ = train_tiny(tmp_path, overwrite=True)
    assert load_classifier(model, None).model is not first
