"""The OpenAI chat API: requests as its bodies, its bodies as responses. Pure."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError

from datagen.teachers.teacher import SendError
from schemas.chat import ChatMessage, ToolCall
from schemas.generation.request import GenRequest
from schemas.generation.response import GenResponse


def request_body(request: GenRequest, model: str, *, guided: bool) -> dict[str, JsonValue]:
    """The body of ``POST /chat/completions``. The seed is that of the sample."""
    sampling = request.sampling
    body: dict[str, JsonValue] = {
        "model": model,
        "messages": [_message(message) for message in request.messages],
        "max_tokens": sampling.max_tokens,
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "seed": sampling.seed + request.sample,
    }
    if sampling.stop:
        body["stop"] = list(sampling.stop)
    if request.tools:
        body["tools"] = [{"type": "function", "function": tool.model_dump(mode="json")} for tool in request.tools]
    if guided and request.json_schema is not None:
        schema: JsonValue = dict(request.json_schema)
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": schema, "strict": True},
        }
    return body


def _message(message: ChatMessage) -> JsonValue:
    body: dict[str, JsonValue] = {"role": message.role, "content": message.content}
    if message.tool_calls:
        body["tool_calls"] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": call.arguments}}
            for call in message.tool_calls
        ]
    if message.tool_call_id is not None:
        body["tool_call_id"] = message.tool_call_id
    return body


class _Loose(BaseModel):
    """What a server sends besides is passed over."""

    model_config = ConfigDict(extra="ignore")


class _Function(_Loose):
    name: str
    arguments: str = ""


class _Call(_Loose):
    id: str
    function: _Function


class _Message(_Loose):
    content: str | None = None
    tool_calls: list[_Call] | None = None


class _Choice(_Loose):
    message: _Message
    finish_reason: str | None = None


class _Usage(_Loose):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Completion(_Loose):
    choices: list[_Choice]
    usage: _Usage


def response_of(body: bytes | Mapping[str, object], request: GenRequest, digest: str, teacher: str) -> GenResponse:
    """The response in a body.

    Raises:
        SendError: ``malformed_response``; a body without a choice or without the count of tokens is one too, since
            nothing could be accounted for.
    """
    try:
        if isinstance(body, bytes):
            completion = _Completion.model_validate_json(body)
        else:
            completion = _Completion.model_validate(body)
        choice = completion.choices[0]
    except (ValidationError, IndexError) as error:
        raise SendError("malformed_response", f"no chat completion: {str(body)[:200]!r}") from error
    calls = [
        ToolCall(id=call.id, name=call.function.name, arguments=call.function.arguments)
        for call in choice.message.tool_calls or ()
    ]
    return GenResponse(
        request_id=request.request_id,
        digest=digest,
        teacher=teacher,
        finish_reason=choice.finish_reason,
        prompt_tokens=completion.usage.prompt_tokens,
        completion_tokens=completion.usage.completion_tokens,
        text=choice.message.content or "",
        tool_calls=tuple(calls),
    )
