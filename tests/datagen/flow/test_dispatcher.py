"""Requests to a real server on this machine that refuses, breaks, hangs and answers rubbish."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from datagen.errors import TeacherError
from datagen.flow.budget import Budget, Tokens
from datagen.flow.dispatcher import Dispatcher
from datagen.journal.journal import Journal
from datagen.journal.segment import read_segment, segments
from datagen.teachers.endpoint import Endpoint
from schemas.generation.flow import Flow
from schemas.generation.request import GenRequest
from schemas.generation.response import GenFailure, GenResponse, Outcome
from schemas.generation.teacher import EndpointTeacher, Price
from tests.support.endpoints import fake_endpoint, requests

FLOW = Flow(backoff_seconds=0.02, timeout_seconds=30, max_concurrency=32)


def ask_all(
    url: str, folder: Path, asked: list[GenRequest], flow: Flow = FLOW, max_tokens: int | None = None, **setting
) -> list[Outcome]:
    async def run() -> list[Outcome]:
        teacher = Endpoint(EndpointTeacher(url=url, model="fake", **setting), flow.timeout_seconds)
        with Journal(folder) as journal:
            budget = Budget(journal.spent, max_tokens, None, None)
            dispatcher = Dispatcher(teacher, flow, journal, budget)
            async with teacher:
                return list(await asyncio.gather(*map(dispatcher.ask, asked)))

    return asyncio.run(run())


def texts(outcomes: list[Outcome]) -> list[str]:
    assert all(isinstance(outcome, GenResponse) for outcome in outcomes), outcomes
    return [outcome.text for outcome in outcomes]  # pyright: ignore[reportAttributeAccessIssue, reportReturnType]


def test_every_request_gets_its_own_answer_from_a_server_that_misbehaves(tmp_path):
    asked = requests(400)
    with fake_endpoint(tmp_path / "good") as good:
        wanted = texts(ask_all(good.url, tmp_path / "good" / "journal", asked))
    faults = {"refuse": 0.3, "break": 0.05, "hang": 0.01, "malform": 0.01, "at_once": 12, "hang_seconds": 6}
    with fake_endpoint(tmp_path / "bad", **faults) as bad:
        impatient = FLOW.model_copy(update={"timeout_seconds": 4.0})
        found = texts(ask_all(bad.url, tmp_path / "bad" / "journal", asked, impatient))
    assert found == wanted
    assert len(set(found)) == 400
    did = bad.did()
    assert min(did["429"], did["500"], did["hang"], did["malformed"]) > 0
    assert set(bad.answered().values()) == {1}
    assert bad.answered().total() == 400


def test_a_refused_request_harms_no_other_and_is_not_sent_again(tmp_path):
    asked = [*requests(20), *requests(1, "REFUSE-ME {}"), *requests(20, "Other {}")]
    with fake_endpoint(tmp_path) as server:
        first = ask_all(server.url, tmp_path / "journal", asked)
        second = ask_all(server.url, tmp_path / "journal", asked)
        assert server.did() == {"answered": 40, "refused": 1}
    failure = first[20]
    assert isinstance(failure, GenFailure)
    assert (failure.reason, failure.retryable, failure.tries) == ("refused_request", False, 1)
    assert "HTTP 400" in failure.message
    texts([*first[:20], *first[21:]])
    assert second == [outcome.model_copy(update={"cached": True}) for outcome in first]


def test_what_keeps_failing_ends_as_a_failure_with_its_reason(tmp_path):
    flow = FLOW.model_copy(update={"tries": 3, "backoff_seconds": 0.001})
    with fake_endpoint(tmp_path, malform=1.0) as server:
        outcomes = ask_all(server.url, tmp_path / "journal", requests(3), flow)
        assert server.did() == {"malformed": 9}
    assert [(o.reason, o.retryable, o.tries) for o in outcomes if isinstance(o, GenFailure)] == [
        ("malformed_response", True, 3)
    ] * 3


def test_the_same_request_at_the_same_time_is_sent_once(tmp_path):
    with fake_endpoint(tmp_path, seconds=0.05) as server:
        outcomes = ask_all(server.url, tmp_path / "journal", requests(1) * 5)
        assert server.did() == {"answered": 1}
    assert len(set(texts(outcomes))) == 1
    assert sorted(outcome.cached for outcome in outcomes) == [False, True, True, True, True]


@pytest.mark.parametrize(
    "change",
    [
        {"sampling": requests(1)[0].sampling.model_copy(update={"temperature": 0.1})},
        {"sampling": requests(1)[0].sampling.model_copy(update={"seed": 7})},
        {"sample": 1},
        {"json_schema": {"type": "object", "properties": {"a": {"type": "string"}}}},
        {"messages": requests(1, "Else {}")[0].messages},
    ],
)
def test_whatever_is_sent_decides_whether_it_is_the_same(tmp_path, change):
    (request,) = requests(1)
    with fake_endpoint(tmp_path) as server:
        ask_all(server.url, tmp_path / "journal", [request])
        ask_all(server.url, tmp_path / "journal", [request.model_copy(update=change)])
        ask_all(server.url, tmp_path / "journal", [request], revision="2")
        assert server.did() == {"answered": 3}


def test_a_dead_server_ends_the_run_and_says_so(tmp_path):
    with fake_endpoint(tmp_path) as server:
        pass
    flow = FLOW.model_copy(update={"patience_seconds": 0.3, "tries": 1000})
    with pytest.raises(TeacherError, match=r"fake has answered nothing for \d+ s, at last: ConnectError"):
        ask_all(server.url, tmp_path / "journal", requests(30), flow)


def test_a_server_that_only_refuses_ends_the_run_too(tmp_path):
    flow = FLOW.model_copy(update={"patience_seconds": 0.5, "tries": 1000})
    with (
        fake_endpoint(tmp_path, refuse=1.0) as server,
        pytest.raises(TeacherError, match="at last: HTTP 429"),
    ):
        ask_all(server.url, tmp_path / "journal", requests(30), flow)


def test_the_key_comes_from_the_environment_and_is_written_nowhere(tmp_path, monkeypatch):
    with fake_endpoint(tmp_path, key="s3cret") as server:
        with pytest.raises(TeacherError, match="ORCHARD_API_KEY") as wrong:
            monkeypatch.setenv("ORCHARD_API_KEY", "anot-her")
            ask_all(server.url, tmp_path / "journal", requests(1))
        assert "anot-her" not in str(wrong.value)
        monkeypatch.setenv("ORCHARD_API_KEY", "s3cret")
        texts(ask_all(server.url, tmp_path / "journal", requests(3)))
    written = b"".join(path.read_bytes() for path in (tmp_path / "journal").iterdir())
    assert written
    assert b"s3cret" not in written


def test_the_budget_is_never_passed_and_counts_earlier_runs(tmp_path):
    asked = requests(200, sampling={"max_tokens": 10})
    with fake_endpoint(tmp_path, seconds=0.005) as server:
        first = ask_all(server.url, tmp_path / "journal", asked, max_tokens=2000)
        spent = sum(o.prompt_tokens + o.completion_tokens for o in first)
        again = ask_all(server.url, tmp_path / "journal", asked, max_tokens=2000)
        assert [o.text for o in again if isinstance(o, GenResponse)] == texts(
            [o for o in first if isinstance(o, GenResponse)]
        )
        everything = ask_all(server.url, tmp_path / "journal", asked)
        assert set(server.answered().values()) == {1}
    assert 1800 < spent <= 2000
    failed = [o for o in first if isinstance(o, GenFailure)]
    assert failed
    assert {o.reason for o in failed} == {"budget"}
    assert all(o.retryable and o.prompt_tokens == 0 for o in failed)
    texts(everything)


def test_a_bound_on_cost_holds(tmp_path):
    async def run(url: str) -> tuple[list[Outcome], Tokens]:
        teacher = Endpoint(EndpointTeacher(url=url, model="fake"), 5)
        with Journal(tmp_path / "journal") as journal:
            budget = Budget(journal.spent, None, 0.01, Price(prompt=1.0, completion=20.0))
            async with teacher:
                dispatcher = Dispatcher(teacher, FLOW, journal, budget)
                return list(
                    await asyncio.gather(*map(dispatcher.ask, requests(100, sampling={"max_tokens": 20})))
                ), budget.spent

    with fake_endpoint(tmp_path) as server:
        outcomes, spent = asyncio.run(run(server.url))
    answered = [o for o in outcomes if isinstance(o, GenResponse)]
    cost = (sum(o.prompt_tokens for o in answered) + 20 * sum(o.completion_tokens for o in answered)) / 1e6
    assert 0 < len(answered) < 100
    assert 0.009 < cost <= 0.01
    assert spent.cost(Price(prompt=1.0, completion=20.0)) == pytest.approx(cost)


PROGRAM = """
import sys
from pathlib import Path
from tests.datagen.flow.test_dispatcher import ask_all, requests, texts
answers = texts(ask_all(sys.argv[1], Path(sys.argv[2]), requests(600)))
Path(sys.argv[3]).write_text("\\n".join(answers))
"""


def test_killed_at_random_moments_it_repeats_nothing_that_it_knows_of(tmp_path, repository):
    """The server's log is the judge. What was under way at a kill may have been answered without anyone knowing."""
    out, journal = tmp_path / "answers.txt", tmp_path / "journal"
    with fake_endpoint(tmp_path, seconds=0.05, refuse=0.1) as server:
        command = [sys.executable, "-c", PROGRAM, server.url, str(journal), str(out)]
        known: list[set[str]] = []
        sizes: list[int] = []
        for answers_before_kill in (20, 90, 170, 300, 450):
            process = subprocess.Popen(command, cwd=repository, env={**os.environ, "PYTHONPATH": "."})
            end = time.monotonic() + 30
            while sum(server.answered().values()) < answers_before_kill and time.monotonic() < end:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            process.wait()
            time.sleep(0.3)  # the server ends what it is working on, and logs it
            known.append({o.digest for path in segments(journal) for _, _, o in read_segment(path)})
            sizes.append(len(server.lines()))
        subprocess.run(command, cwd=repository, env={**os.environ, "PYTHONPATH": "."}, check=True)
        lines, answered = server.lines(), server.answered()
        again = ask_all(server.url, journal, requests(600))
        assert len(server.lines()) == len(lines)
    with fake_endpoint(tmp_path / "unbroken") as unbroken:
        wanted = texts(ask_all(unbroken.url, tmp_path / "unbroken" / "journal", requests(600)))
    assert out.read_text().splitlines() == texts(again) == wanted
    assert len(answered) == 600
    assert all(outcome.cached for outcome in again)
    journalled = [len(digests) for digests in known]
    assert 0 < journalled[0] < journalled[-1] < 600
    # Every answer is journalled but those that came between the last write and the kill: at most one a place.
    repeated = sum(answered.values()) - 600
    assert repeated <= len(known) * FLOW.max_concurrency
    assert len({json.dumps(line["body"]) for line in lines[sizes[-1] :] if line["what"] == "answered"}) == (
        600 - journalled[-1]
    )
