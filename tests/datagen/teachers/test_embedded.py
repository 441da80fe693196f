"""The small model on this machine: real weights, real guided decoding."""

import asyncio

import pytest
from pydantic import BaseModel, Field

from datagen.flow.budget import Budget, Tokens
from datagen.flow.dispatcher import Dispatcher
from datagen.journal.journal import Journal
from datagen.structured import Answered, answer_schema, ask_for
from datagen.teachers.embedded import MOST_COPIES, Embedded, copies
from datagen.teachers.replay import Replay
from datagen.teachers.teacher import SendError
from filters.errors import SettingError
from schemas.generation.flow import Flow
from schemas.generation.request import GenRequest, Sampling
from schemas.generation.response import GenResponse
from schemas.generation.teacher import EmbeddedTeacher
from tests.support.endpoints import requests


class Short(BaseModel):
    summary: str = Field(max_length=80)


ASKED = requests(
    2,
    "Summarise: Tom moves meeting {} to Friday at 3 pm. Answer in JSON.",
    json_schema=answer_schema(Short),
    sampling=Sampling(max_tokens=60, temperature=0.8),
)


@pytest.fixture(scope="module")
def teacher() -> Embedded:
    return Embedded(EmbeddedTeacher())


def send(teacher: Embedded | Replay, request: GenRequest) -> GenResponse:
    return asyncio.run(teacher.send(request))


def test_answers_are_of_the_form_compact_and_follow_from_the_seed_alone(teacher):
    first = send(teacher, ASKED[0])
    send(teacher, ASKED[1])
    again = send(teacher, ASKED[0])
    other = send(teacher, ASKED[0].model_copy(update={"sample": 1}))
    assert Short.model_validate_json(first.text).summary
    assert first.text.startswith('{"summary":"')
    assert again.text == first.text != other.text
    assert first.digest != other.digest
    assert first.prompt_tokens > 20
    assert 0 < first.completion_tokens <= 60
    assert (first.finish_reason, first.teacher[:8]) == ("stop", "SmolLM2-")


def test_those_that_are_answered_at_the_same_time_change_nothing(teacher, monkeypatch):
    monkeypatch.setattr("datagen.teachers.embedded.os.cpu_count", lambda: 2)

    async def together(fresh: Embedded) -> list[GenResponse]:
        return await asyncio.gather(*map(fresh.send, ASKED))

    found = asyncio.run(together(Embedded(EmbeddedTeacher())))
    assert [response.text for response in found] == [send(teacher, request).text for request in ASKED]


def test_a_machine_gets_a_copy_for_each_core_that_its_threads_leave(monkeypatch):
    monkeypatch.setattr("datagen.teachers.embedded.os.cpu_count", lambda: 6)
    assert [copies(threads) for threads in (1, 2, 4, 16)] == [6, 3, 1, 1]
    monkeypatch.setattr("datagen.teachers.embedded.os.cpu_count", lambda: 200)
    assert copies(1) == MOST_COPIES


def test_a_model_that_is_not_there_is_named_before_anything_is_asked(tmp_path):
    with pytest.raises(SettingError, match=r"teacher\.model: .*none\.gguf is no file"):
        Embedded(EmbeddedTeacher(model=tmp_path / "none.gguf"))


def test_what_is_too_long_is_refused_and_harms_no_other(teacher):
    (long,) = requests(1, "word " * 5000)
    with pytest.raises(SendError, match="exceeds the available context size") as refused:
        send(teacher, long)
    assert refused.value.reason == "refused_request"
    assert send(teacher, ASKED[1]).text


def test_a_replay_says_the_same_without_the_model(teacher, tmp_path):
    async def record() -> object:
        with Journal(tmp_path) as journal:
            dispatcher = Dispatcher(teacher, Flow(max_concurrency=1), journal, Budget(Tokens(), None, None, None))
            return await ask_for(Short, ASKED[0], dispatcher.ask)

    recorded = asyncio.run(record())
    assert isinstance(recorded, Answered)
    replay = Replay(teacher, tmp_path)
    assert send(replay, ASKED[0]).text == recorded.response.text
    with pytest.raises(SendError, match="no such request"):
        send(replay, ASKED[1])
    with pytest.raises(SettingError, match="is no folder"):
        Replay(teacher, tmp_path / "none")
