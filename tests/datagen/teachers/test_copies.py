"""Who gets a copy of the model: who asks what its last request did, or begins so, else who waits longest."""

import asyncio
import threading
from pathlib import Path

import pytest
from pydantic import JsonValue

from datagen.teachers.copies import Copies
from datagen.teachers.llama import Body, Llama, read_of
from schemas.generation.teacher import EmbeddedTeacher


class Scribe(Llama):
    """Writes down what it is asked, and keeps the opening; asked to fail, it does."""

    def __init__(self, done: list[str]) -> None:
        super().__init__(Path("none.gguf"), EmbeddedTeacher())
        self.done = done
        self.go_on = threading.Event()
        self.go_on.set()

    def complete(self, body: Body) -> dict[str, object]:
        self.go_on.wait()
        self.kept = read_of(body)
        question = str(body["question"])
        self.done.append(question)
        if question == "fail":
            raise RuntimeError(question)
        return {"reply": question}


def body(shown: str | None, question: str) -> Body:
    turns: list[JsonValue] = [] if shown is None else [{"role": "user"}, {"role": "assistant", "content": shown}]
    return {"messages": [*turns, {"role": "user", "content": question}], "question": question}


def test_questions_with_one_opening_follow_each_other_and_none_is_lost():
    async def ask(copies: Copies) -> list[dict[str, object]]:
        asked = [body(shown, f"{shown}{number}") for number in range(3) for shown in ("a", "b", None)]
        return await asyncio.gather(*map(copies.complete, asked))

    scribe = Scribe([])
    replies = asyncio.run(ask(Copies([scribe])))
    assert [reply["reply"] for reply in replies] == [f"{s}{n}" for n in range(3) for s in ("a", "b", None)]
    assert scribe.done == ["a0", "a1", "a2", "b0", "b1", "b2", "None0", "None1", "None2"]


def test_samples_of_one_prompt_follow_each_other():
    scribe = Scribe([])

    async def ask() -> None:
        copies = Copies([scribe])
        asked = [{**body("a", question), "seed": seed} for seed in range(2) for question in ("1", "2", "3")]
        await asyncio.gather(*map(copies.complete, asked))

    asyncio.run(ask())
    assert scribe.done == ["1", "1", "2", "2", "3", "3"]


def test_the_copy_that_was_used_last_is_used_again_unless_another_has_the_opening():
    first, second = Scribe([]), Scribe([])

    async def ask() -> None:
        copies = Copies([first, second])
        await copies.complete(body("a", "1"))
        first.go_on.clear()
        waiting = asyncio.ensure_future(copies.complete(body("a", "2")))
        await asyncio.sleep(0)
        await copies.complete(body("b", "3"))
        first.go_on.set()
        await waiting
        await copies.complete(body("b", "4"))
        await copies.complete(body("a", "5"))
        await copies.complete(body("c", "6"))

    asyncio.run(ask())
    assert (first.done, second.done) == (["1", "2", "5", "6"], ["3", "4"])


def test_a_copy_is_free_again_after_an_error_and_when_nobody_waits_any_more():
    scribe = Scribe([])

    async def ask() -> None:
        copies = Copies([scribe])
        with pytest.raises(RuntimeError, match="fail"):
            await copies.complete(body(None, "fail"))
        scribe.go_on.clear()
        begun, waiting, last = (asyncio.ensure_future(copies.complete(body(None, each))) for each in "123")
        await asyncio.sleep(0)
        waiting.cancel()
        scribe.go_on.set()
        assert [await begun, await last] == [{"reply": "1"}, {"reply": "3"}]
        assert waiting.cancelled()

    asyncio.run(ask())
    assert scribe.done == ["fail", "1", "3"]
