"""A server that Orchard starts is gone afterwards, whatever happened. A small program stands in for vLLM."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psutil
import pytest

from datagen.errors import TeacherError
from datagen.flow.budget import Budget, Tokens
from datagen.flow.dispatcher import Dispatcher
from datagen.journal.journal import Journal
from datagen.teachers.teacher import request_digest
from datagen.teachers.vllm.guests import guests_file, hold
from datagen.teachers.vllm.machine import machine_server
from datagen.teachers.vllm.orphans import end_orphans, states_folder
from datagen.teachers.vllm.server import VllmServer, server_command
from datagen.teachers.vllm.teacher import vllm_teacher
from schemas.generation.flow import Flow
from schemas.generation.response import GenResponse
from schemas.generation.teacher import VllmTeacher
from tests.support.endpoints import requests

PROGRAM = str(Path(__file__).parents[2] / "support" / "fake_vllm.py")
SETTING = VllmTeacher(model="fake", start_seconds=60)


def server(folder: Path, *more: str, setting: VllmTeacher = SETTING) -> VllmServer:
    return VllmServer(setting, folder / "vllm.log", [sys.executable, PROGRAM, "{port}", str(folder), *more])


def processes(folder: Path) -> list[int]:
    return [int(each) for each in (folder / "processes").read_text().split()]


def alive(pids: list[int]) -> list[int]:
    return [pid for pid in pids if psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE]


def wait_until_gone(pids: list[int], seconds: float = 30) -> list[int]:
    end = time.monotonic() + seconds
    while alive(pids) and time.monotonic() < end:
        time.sleep(0.1)
    return alive(pids)


def ask(url: str, folder: Path, count: int) -> list[str]:
    async def run() -> list[str]:
        with Journal(folder / "journal") as journal:
            teacher = vllm_teacher(SETTING, url, 30)
            flow = Flow(backoff_seconds=0.1, max_concurrency=4, tries=100)
            dispatcher = Dispatcher(teacher, flow, journal, Budget(Tokens(), None, None, None))
            async with teacher:
                outcomes = await asyncio.gather(*map(dispatcher.ask, requests(count, "say {}")))
        assert all(isinstance(outcome, GenResponse) for outcome in outcomes)
        return [outcome.text for outcome in outcomes if isinstance(outcome, GenResponse)]

    return asyncio.run(run())


def test_it_answers_and_is_gone_afterwards_also_after_an_exception(tmp_path):
    with pytest.raises(RuntimeError, match="something else"), server(tmp_path) as running:
        assert ask(running.url, tmp_path, 5) == [f"SAY {number}" for number in range(5)]
        assert len(alive(processes(tmp_path))) == 2
        raise RuntimeError("something else")
    assert alive(processes(tmp_path)) == []


def test_the_processes_of_a_machine_share_one_that_lives_as_long_as_any(tmp_path):
    def make(_: Path) -> VllmServer:
        return server(tmp_path)

    setting = SETTING.model_copy(update={"model": str(tmp_path)})
    with ExitStack() as guest, ThreadPoolExecutor(1) as thread:
        owner = ExitStack()
        url = owner.enter_context(machine_server(setting, make))
        assert guest.enter_context(machine_server(setting, make)) == url
        leaving = thread.submit(owner.close)
        assert ask(url, tmp_path, 3) == ["SAY 0", "SAY 1", "SAY 2"]
        assert len(alive(processes(tmp_path))) == 2
        guest.close()
        leaving.result(30)
    assert alive(processes(tmp_path)) == []


def test_it_is_started_anew_when_it_dies_and_nothing_is_lost(tmp_path):
    with server(tmp_path, "die-after=10") as running:
        assert ask(running.url, tmp_path, 40) == [f"SAY {number}" for number in range(40)]
    pids = processes(tmp_path)
    assert len(pids) == 4
    assert alive(pids) == []


def test_one_that_does_not_start_says_why(tmp_path):
    command = [sys.executable, "-c", "import sys; sys.exit('no such model: {port}')"]
    with pytest.raises(TeacherError, match=r"ended while it started(.|\n)*no such model"):
        VllmServer(SETTING, tmp_path / "vllm.log", command).__enter__()


RUN = """
import sys, time
from pathlib import Path
from tests.datagen.teachers.test_vllm_server import server
with server(Path(sys.argv[1])):
    print("ready", flush=True)
    time.sleep(600)
"""


def start_run(folder: Path, repository: Path) -> subprocess.Popen[str]:
    run = subprocess.Popen(
        [sys.executable, "-c", RUN, str(folder)], cwd=repository, env={**os.environ, "PYTHONPATH": "."},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdout is not None
    assert run.stdout.readline() == "ready\n"
    return run


def test_it_ends_with_a_run_that_is_killed(tmp_path, repository):
    run = start_run(tmp_path, repository)
    pids = processes(tmp_path)
    assert len(alive(pids)) == 2
    run.send_signal(signal.SIGKILL)
    run.wait()
    assert wait_until_gone(pids) == []


def test_it_outlives_a_killed_run_while_a_courier_waits_for_answers(tmp_path, repository):
    run = start_run(tmp_path, repository)
    pids = processes(tmp_path)
    port = int(Path(psutil.Process(run.pid).children()[0].cmdline()[3]).stem)
    held = hold(port)
    run.send_signal(signal.SIGKILL)
    run.wait()
    time.sleep(1)
    assert len(alive(pids)) == 2
    os.close(held)
    assert wait_until_gone(pids) == []
    assert not guests_file(port).exists()


def test_where_the_keeper_was_killed_too_the_next_run_ends_it(tmp_path, repository):
    run = start_run(tmp_path, repository)
    keeper = psutil.Process(run.pid).children()[0]
    run.send_signal(signal.SIGSTOP)  # so that it does not start another one
    keeper.kill()
    run.send_signal(signal.SIGKILL)
    run.wait()
    pids = processes(tmp_path)
    assert len(alive(pids)) >= 1  # on Linux the system has ended the first process; the second is an orphan
    assert end_orphans(states_folder())
    assert wait_until_gone(pids) == []


def test_another_process_of_the_same_number_is_left_alone(tmp_path):
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"], start_new_session=True)
    state = {"group": bystander.pid, "started": time.time() - 5000, "keeper": 2**22 + 1}
    (tmp_path / "1-1.json").write_text(json.dumps(state))
    assert end_orphans(tmp_path) == []
    assert bystander.poll() is None
    assert not list(tmp_path.glob("*.json"))
    bystander.kill()
    bystander.wait()


def test_arguments_reach_vllm_and_are_part_of_what_an_answer_depends_on():
    setting = VllmTeacher(model="m", revision="r", python="/env/bin/python", arguments=("--tensor-parallel-size", "8"))
    command = server_command(setting, 1234)
    assert command[:3] == ["/env/bin/python", "-m", "vllm.entrypoints.openai.api_server"]
    assert " ".join(command).endswith("--tensor-parallel-size 8")
    assert command[command.index("--revision") + 1] == "r"
    (request,) = requests(1)
    digests = {
        request_digest(vllm_teacher(each, url, 1), request)
        for each, url in ((setting, "http://a/v1"), (setting, "http://b/v1"), (SETTING, "http://a/v1"))
    }
    assert len(digests) == 2
