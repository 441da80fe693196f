"""Answers of a form: a pydantic model guides the teacher, parses what comes back, and says what to correct."""

import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from pydantic import BaseModel, JsonValue, ValidationError

from datagen.flow.budget import Tokens
from schemas.chat import ChatMessage
from schemas.generation.request import GenRequest
from schemas.generation.response import GenFailure, GenResponse, Outcome

AnswerT = TypeVar("AnswerT", bound=BaseModel)
Ask = Callable[[GenRequest], Awaitable[Outcome]]

_FENCE = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n?\s*```\s*\Z", re.DOTALL)
_MOST_ERRORS = 5


@dataclass(frozen=True)
class Answered(Generic[AnswerT]):
    """An answer of the form that was asked for."""

    answer: AnswerT
    response: GenResponse
    """The one that it was parsed from."""
    used: Tokens
    """Of all turns."""
    corrected: bool
    """Whether it took a correction."""


def answer_schema(answer: type[BaseModel]) -> dict[str, JsonValue]:
    """The JSON Schema that guides decoding: no field beside those named, or a model would invent some."""
    schema = _closed(answer.model_json_schema())
    return schema if isinstance(schema, dict) else {}


def _closed(schema: JsonValue) -> JsonValue:
    if isinstance(schema, list):
        return [_closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: _closed(value) for key, value in schema.items()}
    return {**closed, "additionalProperties": False} if "properties" in closed else closed


def parse(text: str, answer: type[AnswerT]) -> AnswerT | str:
    """The answer in a text, a fence around it or not; else what is wrong with it, in words for the model."""
    fenced = _FENCE.match(text)
    try:
        return answer.model_validate_json(fenced[1] if fenced else text)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_input=False, include_context=False)[:_MOST_ERRORS]
        return "; ".join(f"{'.'.join(map(str, each['loc'])) or 'answer'}: {each['msg']}" for each in problems)


def correction(request: GenRequest, text: str, problem: str) -> GenRequest:
    """The next turn after an answer with a problem."""
    ask = f"That is not the form asked for ({problem}). Answer again, with JSON only, that fits this JSON Schema: "
    schema: JsonValue = dict(request.json_schema or {})
    turns = (
        ChatMessage(role="assistant", content=text),
        ChatMessage(role="user", content=ask + json.dumps(schema)),
    )
    return request.model_copy(
        update={"messages": (*request.messages, *turns), "attempt": request.attempt + 1},
    )


async def ask_for(answer: type[AnswerT], request: GenRequest, ask: Ask) -> Answered[AnswerT] | GenFailure:
    """Ask; where the answer does not parse, ask once for a correction; then give up, keeping what was written.

    An answer that was cut at ``max_tokens`` is not corrected: the next one would be cut as well.
    """
    used, problem, text = Tokens(), "", ""
    for turn in (request, None):
        outcome = await ask(turn or correction(request, text, problem))
        used += Tokens(outcome.prompt_tokens, outcome.completion_tokens)
        if isinstance(outcome, GenFailure):
            return _with(outcome, used, text or None)
        parsed = parse(outcome.text, answer)
        if not isinstance(parsed, str):
            return Answered(parsed, outcome, used, corrected=turn is None)
        problem, text = parsed, outcome.text
        failure = _failure(outcome, problem)
        if failure.reason == "cut_at_max_tokens":
            break
    return _with(failure, used, text)


def _failure(response: GenResponse, problem: str) -> GenFailure:
    cut = response.finish_reason == "length"
    common = response.model_dump(exclude={"text", "tool_calls"})
    message = f"the answer was cut after {response.completion_tokens} tokens; {problem}" if cut else problem
    reason = "cut_at_max_tokens" if cut else "not_the_form_asked_for"
    return GenFailure(**common, reason=reason, message=message, text=response.text)


def _with(failure: GenFailure, used: Tokens, text: str | None) -> GenFailure:
    """The failure with the tokens of all turns, and with what was written last."""
    return failure.model_copy(
        update={"prompt_tokens": used.prompt, "completion_tokens": used.completion, "text": failure.text or text}
    )
