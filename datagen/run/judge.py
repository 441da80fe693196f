"""The teacher as judge: gates run in a thread, and put their questions to the event loop that asks the teacher."""

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel

from datagen.gates.models.judge import Ask
from datagen.structured import Answered, answer_schema, ask_for
from datagen.structured import Ask as AskTeacher
from schemas.chat import ChatMessage
from schemas.fingerprint import fingerprint
from schemas.generation.request import GenRequest, Sampling

MAX_TOKENS = 400


def judging_teacher(ask_teacher: AskTeacher, loop: asyncio.AbstractEventLoop) -> Ask:
    """What a judging gate calls from its thread; it waits until all questions are answered."""

    async def ask_all(asked: Sequence[tuple[ChatMessage, ...]], form: type[BaseModel]) -> list[BaseModel | None]:
        outcomes = await asyncio.gather(
            *(ask_for(form, judge_request("judge", messages, form), ask_teacher) for messages in asked)
        )
        return [outcome.answer if isinstance(outcome, Answered) else None for outcome in outcomes]

    def ask(asked: Sequence[tuple[ChatMessage, ...]], form: type[BaseModel]) -> list[BaseModel | None]:
        return asyncio.run_coroutine_threadsafe(ask_all(asked, form), loop).result()

    return ask


def judge_request(task: str, messages: tuple[ChatMessage, ...], form: type[BaseModel]) -> GenRequest:
    """A question to a judge: the likeliest answer of this form."""
    return GenRequest(
        request_id=fingerprint([message.model_dump(mode="json") for message in messages]),
        task=task,
        messages=messages,
        sampling=Sampling(max_tokens=MAX_TOKENS, temperature=0.0),
        json_schema=answer_schema(form),
    )
