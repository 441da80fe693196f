"""Rows of the shapes that benchmarks come in are items."""

import pytest

from pipelines.decontaminate.errors import BenchmarkError
from pipelines.decontaminate.rows import row_to_item
from schemas.benchmark import BenchmarkColumns, BenchmarkItem

DEFAULTS = {"suite": "file", "item_id": "row 1"}


def item(row: dict[str, object], **columns: tuple[str, ...]) -> BenchmarkItem:
    return row_to_item(row, "file.jsonl, row 1", BenchmarkColumns(**columns), DEFAULTS)


@pytest.mark.parametrize(
    ("row", "question", "choices", "answers"),
    [
        pytest.param(
            {"benchmark": "gsm8k", "split": "test", "id": "0", "text": "How many?", "answer": "18"},
            "How many?", (), ("18",), id="ours",
        ),
        pytest.param({"text": "Who?", "answer": None}, "Who?", (), (), id="no answer"),
        pytest.param(
            {"id": "x", "question": "Q", "choices": {"text": ["a", "b"], "label": ["A", "B"]}, "answerKey": "A"},
            "Q", ("a", "b"), (), id="ARC",
        ),
        pytest.param(
            {"id": "x", "question": {"stem": "Q", "choices": [{"text": "a", "label": "A"}]}, "answerKey": "A"},
            "Q", ("a",), (), id="ARC as published",
        ),
        pytest.param(
            {"question": "Q", "subject": "law", "choices": ["a", "b"], "answer": 1}, "Q", ("a", "b"), ("1",), id="MMLU"
        ),
        pytest.param({"question": "Q", "options": {"A": "a", "B": "b"}}, "Q", ("a", "b"), (), id="choices by label"),
        pytest.param({"goal": "Q", "sol1": "a", "sol2": "b", "label": 0}, "Q", ("a", "b"), (), id="PIQA"),
        pytest.param(
            {"sentence": "Q", "option1": "a", "option2": "b", "answer": "2"}, "Q", ("a", "b"), ("2",), id="Winogrande"
        ),
        pytest.param({"ind": 4, "ctx": "Q", "endings": ["a", "b"], "label": "1"}, "Q", ("a", "b"), (), id="HellaSwag"),
        pytest.param(
            {"id": "1", "context": "passage", "question": "Q", "answers": {"text": ["a", "a"], "answer_start": [1, 2]}},
            "Q", (), ("a",), id="SQuAD",
        ),
        pytest.param({"passage": "passage", "question": "Q", "answer": True}, "Q", (), ("True",), id="BoolQ"),
        pytest.param(
            {"task_id": "HumanEval/0", "prompt": "def f():", "canonical_solution": "    return 1"},
            "def f():", (), ("    return 1",), id="HumanEval",
        ),
        pytest.param({"problem": "Q", "solution": "a"}, "Q", (), ("a",), id="MATH"),
        pytest.param({"question_id": 81, "turns": ["first", "second"]}, "first\nsecond", (), (), id="MT-Bench"),
        pytest.param(
            {"id": "simple_0", "question": [[{"role": "user", "content": "Q"}]]}, "Q", (), (), id="BFCL"
        ),
    ],
)  # fmt: skip
def test_shapes(row, question, choices, answers):
    found = item(row)
    assert (found.question, found.choices, found.answers) == (question, choices, answers)


def test_names_come_from_the_row_else_from_the_defaults():
    full = item({"benchmark": "b", "subject": "s", "split": "t", "revision": "r", "id": 7, "text": "Q"})
    assert (full.suite, full.subtask, full.split, full.revision, full.item_id) == ("b", "s", "t", "r", "7")
    bare = item({"text": "Q", "id": None})
    assert (bare.suite, bare.subtask, bare.split, bare.revision, bare.item_id) == ("file", "", "", "", "row 1")


def test_columns_can_be_named():
    row = {"data": {"task": "Q"}, "pick": ["a", "b"], "text": "not this"}
    found = item(row, question=("data.task",), choices=("pick",))
    assert found.prompt == "Q\na\nb"


def test_an_empty_question_is_an_item_that_cannot_be_found():
    assert item({"text": ""}).question == ""


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"body": "Q", "label": 1}, r"row 1: no question: none of .*question.* the row has body, label\. .*--question"),
        ({"question": None}, "no question"),
        ({}, "the row has no fields"),
        ({"question": {"a": 1}}, r"row 1, field question: an object of a is no text; .*--question a\.b"),
        ({"question": "Q", "answer": {"nothing": 1}}, "field answer: an object of nothing is no text"),
    ],
)  # fmt: skip
def test_says_what_is_wrong(row, message):
    with pytest.raises(BenchmarkError, match=message):
        item(row)
