"""One copy of the small model: what is kept of earlier requests saves reading and changes no answer."""

import random
from typing import Any

import pytest
from pydantic import JsonValue

from datagen.teachers.embedded import shipped_model
from datagen.teachers.llama import Body, Llama, Read, read_of
from schemas.generation.teacher import EmbeddedTeacher

PARKING = "The car park behind building C will be closed on Thursday while it is painted. Park on Mill Road. "
FIRST = [
    ("Summarise: " + 3 * PARKING, "The car park is closed."),
    ("Summarise: I have a cold.", "A cold."),
]
OTHER = [("Give a title: " + 3 * PARKING, "Car park closed")]
QUESTIONS = (
    "Summarise: Tom moves the meeting to Friday at 3 pm.",
    "Summarise: Tom moves the party to Sunday and asks all to bring a cake.",
    "Summarise: the lift is out of order.",
)


def message(role: str, content: str) -> JsonValue:
    return {"role": role, "content": content}


def body(shown: list[tuple[str, str]], question: str, seed: int = 0) -> Body:
    turns = [message(role, text) for pair in shown for role, text in zip(("user", "assistant"), pair, strict=True)]
    return {"messages": [*turns, message("user", question)], "max_tokens": 24, "temperature": 1.0, "seed": seed}


def answer(llama: Llama, asked: Body) -> str:
    return str(llama.complete(asked)["choices"])


@pytest.fixture(scope="module")
def llama() -> Llama:
    return Llama(shipped_model(), EmbeddedTeacher())


def test_an_answer_is_the_same_whatever_was_asked_before(llama):
    asked = [body(shown, question, seed) for shown in (FIRST, OTHER, []) for question in QUESTIONS for seed in (0, 1)]
    expected = [answer(llama, request) for request in asked]
    order = list(range(len(asked)))
    random.Random(0).shuffle(order)
    assert {number: answer(llama, asked[number]) for number in order} == dict(enumerate(expected))
    assert len(set(expected)) > len(asked) / 2


def test_a_copy_that_starts_with_a_request_gives_the_same_answer(llama):
    llama.complete(body(OTHER, QUESTIONS[0]))
    asked = body(FIRST, QUESTIONS[1])
    assert answer(Llama(shipped_model(), EmbeddedTeacher()), asked) == answer(llama, asked)


class Counted:
    """A server that counts the tokens it reads."""

    has_ended = False

    def __init__(self, server: Any) -> None:
        self.server, self.tokens = server, 0

    def handle_chat_completions(self, asked: Body) -> dict[str, Any]:
        reply = self.server.handle_chat_completions(asked)
        self.tokens += reply["usage"]["prompt_tokens"] - reply["usage"]["prompt_tokens_details"]["cached_tokens"]
        return reply


def test_an_opening_is_read_once_and_a_prompt_once_for_all_its_samples(llama, monkeypatch):
    def tokens_read(asked: Body) -> int:
        counted = Counted(llama._running())
        with monkeypatch.context() as patch:
            patch.setattr(llama, "_server", counted)
            llama.complete(asked)
        return counted.tokens

    llama.complete(body(OTHER, QUESTIONS[0]))
    new, again, other_question = (body(FIRST, QUESTIONS[0]), body(FIRST, QUESTIONS[0], 1), body(FIRST, QUESTIONS[2]))
    whole = tokens_read(new)
    assert whole > 100
    assert tokens_read(again) == 1, "the last one is always read"
    assert 10 < tokens_read(other_question) < 30
    without = tokens_read(body([], QUESTIONS[0]))
    assert 20 < without < whole
    assert tokens_read(body([], QUESTIONS[0], 1)) == 1
    assert tokens_read(new) == whole, "one without an opening has taken its place"


def test_a_refused_request_changes_no_later_answer(llama):
    asked = body(FIRST, QUESTIONS[0])
    expected = answer(llama, asked)
    assert "error" in llama.complete(body(FIRST, "word " * 5000))
    assert "error" in llama.complete(body([("word " * 5000, "yes")], "why?"))
    assert answer(llama, asked) == expected


def test_an_opening_is_what_comes_before_a_question_with_the_tools_that_stand_before_it():
    system, question = message("system", "Be short."), message("user", "Who?")
    for messages in ([question], [system, question]):
        assert read_of({"messages": messages, "seed": 1}) == Read(None, {"messages": messages})
    turns: list[JsonValue] = [system, question, message("assistant", "Tom.")]
    messages = [*turns, message("user", "Why?")]
    tools: JsonValue = [{"type": "function", "function": {"name": "look"}}]
    assert read_of({"messages": messages}) == Read({"messages": turns}, {"messages": messages})
    with_tools = Read({"messages": turns, "tools": tools}, {"messages": messages, "tools": tools})
    assert read_of({"messages": messages, "tools": tools, "max_tokens": 3}) == with_tools
