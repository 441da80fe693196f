"""How much of what a teacher allows reaches the answers when it refuses, breaks, hangs and answers rubbish."""

import asyncio
import random
from pathlib import Path

import pytest

from datagen.flow.budget import Budget, Tokens
from datagen.flow.dispatcher import Dispatcher
from datagen.journal.journal import Journal
from schemas.generation.flow import Flow
from schemas.generation.response import GenResponse
from tests.support.endpoints import requests
from tests.support.simulated import MisbehavingTeacher, SimulatedLoop, run_simulated

FLOW = Flow(max_concurrency=256, timeout_seconds=10, backoff_seconds=0.5)


def run(folder: Path, count: int, **server) -> tuple[MisbehavingTeacher, float]:
    """The teacher, and the seconds that it took; everything is answered, each with its own answer."""

    async def ask(loop: SimulatedLoop) -> tuple[MisbehavingTeacher, float]:
        teacher = MisbehavingTeacher(loop, **server)
        with Journal(folder) as journal:
            budget = Budget(Tokens(), None, None, None)
            dispatcher = Dispatcher(teacher, FLOW, journal, budget, random.Random(1).uniform, loop.time)
            outcomes = await asyncio.gather(*map(dispatcher.ask, requests(count)))
        assert all(isinstance(outcome, GenResponse) for outcome in outcomes)
        assert len({outcome.digest for outcome in outcomes}) == count == teacher.did["answered"]
        return teacher, loop.now

    return run_simulated(ask)


@pytest.mark.parametrize("retry_after", [None, 1.0])
@pytest.mark.parametrize("at_once", [16, 32])
def test_the_places_of_a_server_are_taken_most_of_the_time(tmp_path, at_once, retry_after):
    """From the first request to the last answer, slow start and last retries included."""
    teacher, seconds = run(tmp_path, 60 * at_once, at_once=at_once, retry_after=retry_after)
    assert min(teacher.did[fault] for fault in ("429", "500", "hang", "malformed")) > 0
    assert teacher.place_seconds / (at_once * seconds) > 0.8
    assert teacher.did["overload"] < 2 * teacher.did["answered"]


@pytest.mark.parametrize("retry_after", [None, 1.0])
def test_a_bound_on_requests_a_second_is_used_and_not_run_against(tmp_path, retry_after):
    """Of those that are let in, 63 of 100 are answered: more cannot be had."""
    teacher, seconds = run(tmp_path, 1000, rate=20.0, retry_after=retry_after)
    assert 1000 / seconds > 0.8 * 20 * 0.63
    assert teacher.did["overload"] < 2 * teacher.did["answered"]
