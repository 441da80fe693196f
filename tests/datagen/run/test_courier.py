"""A run that is killed loses no answer: its courier takes in what is under way, and the next run waits for it."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from datagen.errors import JournalError, TeacherError
from datagen.journal import lock
from datagen.journal.lock import RunLock
from datagen.journal.segment import read_segment, segments
from datagen.run.courier.client import Courier
from datagen.run.session import Bounds
from filters.errors import SettingError
from schemas.generation.flow import Flow
from schemas.generation.recipe import GenerationSettings
from schemas.generation.response import GenResponse, Outcome
from schemas.generation.teacher import EndpointTeacher, ReplayTeacher, Teacher
from tests.support.endpoints import FakeEndpoint, fake_endpoint, requests

FLOW = Flow(backoff_seconds=0.02, timeout_seconds=30, start_concurrency=16, max_concurrency=16)
COUNT = 150


def inside(teacher: Teacher, folder: Path, work: Callable[[Courier], Awaitable[list[Outcome]]]) -> list[Outcome]:
    async def run() -> list[Outcome]:
        async with Courier(GenerationSettings(teacher=teacher, flow=FLOW), str(folder), Bounds(), None) as courier:
            return await work(courier)

    return asyncio.run(run())


def ask_all(url: str, folder: Path, count: int = COUNT, said: Callable[[str], None] = print) -> list[str]:
    """What a run does: it locks the journal, and asks everything at once."""

    async def work(courier: Courier) -> list[Outcome]:
        return list(await asyncio.gather(*map(courier.ask, requests(count))))

    with RunLock(folder, FLOW.timeout_seconds, said):
        outcomes = inside(EndpointTeacher(url=url, model="fake"), folder, work)
    assert all(isinstance(outcome, GenResponse) for outcome in outcomes), outcomes
    return [outcome.text for outcome in outcomes if isinstance(outcome, GenResponse)]


PROGRAM = """
import sys
from pathlib import Path
from tests.datagen.run.test_courier import ask_all
ask_all(sys.argv[1], Path(sys.argv[2]))
"""


def start(server: FakeEndpoint, folder: Path, repository: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, server.url, str(folder)], cwd=repository, env={**os.environ, "PYTHONPATH": "."},
        start_new_session=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip


def kill_group(run: subprocess.Popen[bytes], server: FakeEndpoint, answers: int) -> list[psutil.Process]:
    """Kill it when so many are answered; returns the couriers that it had."""
    end = time.monotonic() + 60
    while server.answered().total() < answers and time.monotonic() < end:
        time.sleep(0.01)
    couriers = psutil.Process(run.pid).children()
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()
    assert len(couriers) == 1
    return couriers


def journalled(folder: Path) -> int:
    return sum(1 for path in segments(folder) for _ in read_segment(path))


def test_a_killed_group_repeats_no_request_and_leaves_no_process(tmp_path, repository):
    """The server's log is the judge."""
    folder = tmp_path / "journal"
    with fake_endpoint(tmp_path, seconds=0.2, refuse=0.1, **{"break": 0.02}) as server:
        for answers in (10, 50, 100):
            couriers = kill_group(start(server, folder, repository), server, answers)
            given = server.answered().total()
            assert psutil.wait_procs(couriers, timeout=30)[1] == []
            assert journalled(folder) == server.answered().total() == len(server.answered()) < COUNT
            assert server.answered().total() <= given + FLOW.max_concurrency  # nothing new was sent
        found = ask_all(server.url, folder)
        assert server.answered().total() == len(server.answered()) == COUNT
    assert not list(folder.glob(f"{lock.LEFT}*"))
    with fake_endpoint(tmp_path / "unbroken") as unbroken:
        assert found == ask_all(unbroken.url, tmp_path / "unbroken" / "journal")


def test_the_next_run_waits_and_says_for_what(tmp_path, repository, monkeypatch):
    folder, said = tmp_path / "journal", list[str]()
    with fake_endpoint(tmp_path, seconds=4) as server:  # from two seconds to six
        kill_group(start(server, folder, repository), server, 1)
        monkeypatch.setattr(lock, "PATIENCE_SECONDS", 0.0)
        with pytest.raises(JournalError, match="another run is using"):
            RunLock(folder, 0.0, said.append).__enter__()
        with RunLock(folder, FLOW.timeout_seconds, said.append):
            assert journalled(folder) == server.answered().total() == len(server.answered()) > 1
    assert said and all(
        line.startswith("waiting for the answers that an earlier run has asked for: ") for line in said
    ), said
    assert 0 < int(said[-1].split()[-2]) <= FLOW.max_concurrency
    assert not list(folder.glob(f"{lock.LEFT}*"))


def test_what_a_courier_that_was_killed_too_has_left_is_cleared_away(tmp_path):
    (tmp_path / f"{lock.LEFT}1").write_text("5")
    with RunLock(tmp_path, 0.0, pytest.fail):
        assert not list(tmp_path.glob(f"{lock.LEFT}*"))


def test_its_errors_reach_the_run_as_what_they_are(tmp_path, monkeypatch):
    async def work(courier: Courier) -> list[Outcome]:
        return list(await asyncio.gather(*map(courier.ask, requests(20))))

    with fake_endpoint(tmp_path, key="right") as server:
        monkeypatch.setenv("ORCHARD_API_KEY", "wr0ng")
        with pytest.raises(TeacherError, match=r"refuses 'fake': the key is missing .*ORCHARD_API_KEY") as told:
            inside(EndpointTeacher(url=server.url, model="fake"), tmp_path / "journal", work)
    assert "wr0ng" not in str(told.value)
    with pytest.raises(SettingError, match="is no folder: name the folder `journal`"):
        inside(ReplayTeacher(journal=tmp_path / "none"), tmp_path / "journal", work)
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="Choose another --out"):
        inside(EndpointTeacher(url=server.url, model="fake"), tmp_path / "file" / "journal", work)


def test_a_courier_that_is_killed_ends_the_run_with_a_sentence(tmp_path):
    async def work(courier: Courier) -> list[Outcome]:
        asked = [asyncio.ensure_future(courier.ask(request)) for request in requests(5)]
        await asyncio.sleep(0.2)
        (process,) = psutil.Process().children()[-1:]
        process.kill()
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in found] == [TeacherError] * 5
        await courier.ask(requests(1)[0])
        return []

    with (
        fake_endpoint(tmp_path, seconds=20) as server,
        pytest.raises(TeacherError, match=r"has ended \(exit code -9\)\. Run the same command again"),
    ):
        inside(EndpointTeacher(url=server.url, model="fake"), tmp_path / "journal", work)
