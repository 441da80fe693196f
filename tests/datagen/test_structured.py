"""Answers of a form: parsed, corrected once, or kept raw with what is wrong."""

import asyncio
import json

import pytest
from pydantic import BaseModel, Field

from datagen.flow.budget import Tokens
from datagen.structured import Answered, answer_schema, ask_for, parse
from schemas.generation.request import GenRequest
from schemas.generation.response import GenFailure, GenResponse, Outcome
from tests.support.endpoints import requests


class Inner(BaseModel):
    word: str


class Form(BaseModel):
    zeta: str = Field(min_length=2)
    alpha: list[Inner]


GOOD = '{"zeta": "ok", "alpha": [{"word": "a"}]}'


def asked(*said: str | Outcome) -> tuple[Answered | GenFailure, list[GenRequest]]:
    """What comes of a teacher that says these things in turn, and what it was asked."""
    waiting, seen = list(said), list[GenRequest]()

    async def ask(request: GenRequest) -> Outcome:
        seen.append(request)
        turn = waiting.pop(0)
        if not isinstance(turn, str):
            return turn
        ids = {"request_id": request.request_id, "digest": "0" * 32, "teacher": "t", "finish_reason": "stop"}
        return GenResponse(**ids, prompt_tokens=10, completion_tokens=5, text=turn)

    (request,) = requests(1, json_schema=answer_schema(Form))
    return asyncio.run(ask_for(Form, request, ask)), seen


@pytest.mark.parametrize("text", [GOOD, f"```json\n{GOOD}\n```", f"  ```\n{GOOD}```  "])
def test_a_good_answer_is_parsed_with_or_without_a_fence(text):
    found, seen = asked(text)
    assert isinstance(found, Answered)
    assert found.answer == Form(zeta="ok", alpha=[Inner(word="a")])
    assert (found.used, found.corrected, len(seen)) == (Tokens(10, 5), False, 1)


def test_a_bad_answer_gets_one_turn_that_says_what_is_wrong():
    found, seen = asked('{"zeta": "x", "alpha": []}', GOOD)
    assert isinstance(found, Answered)
    assert (found.used, found.corrected) == (Tokens(20, 10), True)
    assert [message.role for message in seen[1].messages] == ["user", "assistant", "user"]
    assert seen[1].messages[1].content == '{"zeta": "x", "alpha": []}'
    assert "zeta: String should have at least 2 characters" in seen[1].messages[2].content
    assert json.dumps(answer_schema(Form)) in seen[1].messages[2].content
    assert (seen[0].attempt, seen[1].attempt) == (0, 1)


def test_two_bad_answers_are_a_failure_that_keeps_the_last():
    found, seen = asked("no", "never")
    assert isinstance(found, GenFailure)
    assert (found.reason, found.text, found.retryable, len(seen)) == ("not_the_form_asked_for", "never", False, 2)
    assert (found.prompt_tokens, found.completion_tokens) == (20, 10)


def test_an_answer_that_was_cut_is_not_asked_for_again():
    ids = {"request_id": "0" * 32, "digest": "0" * 32, "teacher": "t", "finish_reason": "length"}
    found, seen = asked(GenResponse(**ids, completion_tokens=64, text='{"zeta": "on and o'))
    assert isinstance(found, GenFailure)
    assert (found.reason, found.text, len(seen)) == ("cut_at_max_tokens", '{"zeta": "on and o', 1)
    assert "cut after 64 tokens" in found.message


def test_no_answer_to_the_correction_keeps_the_first_answer():
    refused = GenFailure(request_id="0" * 32, digest="0" * 32, teacher="t", reason="timeout", message="late")
    found, _ = asked("no", refused)
    assert isinstance(found, GenFailure)
    assert (found.reason, found.text, found.prompt_tokens) == ("timeout", "no", 10)


def test_the_schema_is_closed_and_keeps_the_order_of_fields():
    schema = answer_schema(Form)
    assert list(schema["properties"]) == ["zeta", "alpha"]
    assert schema["additionalProperties"] is False
    assert schema["$defs"]["Inner"]["additionalProperties"] is False
    assert "Extra data" in str(parse(GOOD + " and more", Form)) or "trailing" in str(parse(GOOD + " and more", Form))
