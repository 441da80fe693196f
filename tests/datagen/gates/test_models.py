"""Gates that ask a model: windows, the best one counts, a judge that contradicts itself is not believed."""

import importlib.util
from itertools import pairwise

import pytest

from datagen.gates.models.entailment import EntailmentGate, load_classifier, windows
from datagen.gates.models.judge import Faithfulness, JudgeGate
from tests.support.summaries import summary

SOURCE = "Ann sold the car. Bo bought it. The price was fair. They met on Monday. It rained."


def by_words(pairs):
    """An entailment of the test: the share of the claim's words in the premise."""
    return [len(set(claim.split()) & set(premise.split())) / len(set(claim.split())) for premise, claim in pairs]


def test_every_sentence_needs_a_window_that_entails_it():
    gate = EntailmentGate(by_words, 0.9, 2)
    good, bad = gate.judge(
        [summary(SOURCE, "Ann sold the car. It rained."), summary(SOURCE, "It rained. Bo sold boats.")]
    )
    assert good.passed
    assert good.score == 1
    assert (bad.reason, bad.detail) == ("not_entailed", "Bo sold boats.")


@pytest.mark.parametrize(("count", "size"), [(0, 3), (1, 3), (3, 3), (4, 3), (10, 4), (7, 1)])
def test_windows_hold_every_sentence_and_overlap(count, size):
    texts = [f"s{number}" for number in range(count)]
    found = windows(texts, size)
    assert {word for window in found for word in window.split()} == set(texts)
    assert all(len(window.split()) <= size for window in found)
    for first, second in pairwise(texts):
        assert size == 1 or any({first, second} <= set(window.split()) for window in found)


def judge(verdicts):
    asked = []

    def ask(messages, form):
        asked.extend(messages)
        return [Faithfulness(reason="because", verdict=v) if v else None for v in verdicts]

    (verdict,) = JudgeGate(ask, 2).judge([summary(SOURCE, "Ann sold the car.")])
    return verdict, asked


def test_the_judge_is_asked_in_two_wordings_and_orders():
    verdict, (first, second) = judge(["A", "B"])
    assert verdict.passed
    assert "A: Everything" in first[1].content
    assert "B: Everything" in second[1].content
    assert first[1].content != second[1].content


@pytest.mark.parametrize(
    ("answers", "reason"),
    [(["B", "A"], "unfaithful"), (["A", "A"], "judge_contradicts_itself"), (["A", None], "no_judgement")],
)
def test_a_judge_that_always_says_the_same_passes_nothing(answers, reason):
    verdict, _ = judge(answers)
    assert (verdict.passed, verdict.reason) == (False, reason)


needs_torch = pytest.mark.skipif(
    not (importlib.util.find_spec("torch") and importlib.util.find_spec("transformers")),
    reason="torch and transformers are not installed (pip install 'orchard[nli]')",
)


def tiny_classifier(folder, labels):
    """A cross-encoder of two layers with random weights and a vocabulary of its own, saved as the hub has them."""
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder.mkdir()
    words = sorted({word.strip(".").lower() for word in SOURCE.split()})
    (folder / "vocab.txt").write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", ".", *words]))
    BertTokenizerFast(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(folder)
    config = BertConfig(
        vocab_size=100, hidden_size=16, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32,
        max_position_embeddings=64, id2label=dict(enumerate(labels)), label2id={v: k for k, v in enumerate(labels)},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return str(folder)


@needs_torch
def test_a_real_cross_encoder_is_loaded_and_batched(tmp_path):
    entails = load_classifier(tiny_classifier(tmp_path / "nli", ["contradiction", "entailment", "neutral"]), 2)
    pairs = [("Ann sold the car. " * 40, "It rained."), ("It rained.", "It rained."), ("Bo", "Ann sold")]
    found = entails(pairs)
    assert len(found) == 3
    assert all(0 < probability < 1 for probability in found)
    assert found == pytest.approx([entails([pair])[0] for pair in pairs], abs=1e-5)


@needs_torch
def test_a_model_of_something_else_is_refused(tmp_path):
    model = tiny_classifier(tmp_path / "mood", ["happy", "sad"])
    with pytest.raises(ValueError, match="its labels are happy, sad; one must be entailment"):
        load_classifier(model, 2)
