"""The step that scores documents."""

import pyarrow as pa
import pytest
from pydantic import ValidationError

from filters.classifier.document import prepare
from schemas.bounds import Bound
from schemas.steps.classifier import FastTextClassifier
from tests.support.classifiers import BAD, GOOD, sentence


def test_measures_every_document_and_edits_none(tiny_model, batch_of):
    step = FastTextClassifier(name="quality", model=tiny_model)
    good, bad = (" ".join(sentence(words, seed) for seed in range(30)) for words in (GOOD, BAD))
    found = prepare(step)(batch_of(good, bad, ""))
    scores = found.signals["score"].to_pylist()
    assert scores[0] > 0.9
    assert scores[1] < 0.1
    assert scores[2] is None
    assert found.text is None
    assert {signal.name: signal.dtype for signal in step.signals} == {"score": pa.float32()}
    assert found.signals["score"].type == pa.float32()


def test_the_code_of_its_rule_is_its_name(tiny_model):
    step = FastTextClassifier(name="quality", model=tiny_model, score=Bound(min_percentile=90))
    assert step.rules() == {"quality.score": Bound(min_percentile=90)}


def test_needs_a_name(tiny_model):
    with pytest.raises(ValidationError, match="name"):
        FastTextClassifier.model_validate({"type": "fasttext", "model": tiny_model})
