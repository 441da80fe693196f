"""The process of a copy of the small model: when it ends, what is told of that, and what comes after it."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from datagen.errors import TeacherError
from datagen.teachers.embedded import shipped_model
from datagen.teachers.llama import Body, Llama, Read
from datagen.teachers.teacher import SendError
from schemas.generation.response import RETRYABLE
from schemas.generation.teacher import EmbeddedTeacher

SHOWN = [{"role": "user", "content": "Summarise: I have a cold."}, {"role": "assistant", "content": "A cold."}]
QUESTION = {"role": "user", "content": "Summarise: Tom moves the meeting to Friday at 3 pm."}
ASKED: Body = {"messages": [*SHOWN, QUESTION], "max_tokens": 12, "temperature": 1.0, "seed": 3}
PARENT = f"""
from datagen.teachers.embedded import shipped_model
from datagen.teachers.llama import Llama
from schemas.generation.teacher import EmbeddedTeacher
copies = [Llama(shipped_model(), EmbeddedTeacher()) for _ in range(2)]
for copy in copies:
    copy.complete({ASKED!r})
input("ready\\n")
"""


def answer(llama: Llama) -> str:
    return str(llama.complete(ASKED)["choices"])


def process_of(llama: Llama) -> psutil.Process:
    return psutil.Process(llama._running()._process.pid)


def kill(process: psutil.Process) -> None:
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # whose exit code is left for `Llama`


@pytest.fixture(scope="module")
def llama() -> Llama:
    return Llama(shipped_model(), EmbeddedTeacher())


def test_one_that_was_killed_between_requests_is_started_anew_for_the_next(llama):
    expected = answer(llama)
    assert llama.kept != Read()
    first = process_of(llama)
    kill(first)
    assert answer(llama) == expected
    assert process_of(llama) != first


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV])
def test_the_request_that_was_under_way_may_be_sent_again(llama, number):
    expected = answer(llama)
    process = process_of(llama)
    process.suspend()
    found: list[SendError] = []

    def ask() -> None:
        with pytest.raises(SendError) as error:
            llama.complete(ASKED)
        found.append(error.value)

    asking = threading.Thread(target=ask)
    asking.start()
    while llama.kept != Read():  # it is taken back when a request begins
        pass
    process.send_signal(number)
    with suppress(psutil.NoSuchProcess):
        process.resume()
    asking.join()
    assert RETRYABLE[found[0].reason]
    assert f"the process of the model has ended (signal {number.value}, {signal.strsignal(number)})" in str(found[0])
    assert llama.kept == Read()
    assert answer(llama) == expected


def test_all_copies_end_with_the_process_that_asks_them_though_it_is_killed(repository):
    command = [sys.executable, "-c", PARENT]
    environment = {**os.environ, "PYTHONPATH": str(repository)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        copies = psutil.Process(parent.pid).children()
        assert len(copies) == 2
        parent.kill()
    ended, alive = psutil.wait_procs(copies, timeout=20)
    assert (len(ended), alive) == (2, [])


def test_it_ends_with_the_copy_and_leaves_no_zombie():
    llama = Llama(shipped_model(), EmbeddedTeacher())
    process = process_of(llama)
    assert process.is_running()
    del llama
    assert not psutil.pid_exists(process.pid)


def test_ctrl_c_is_for_the_process_that_asks(llama):
    assert os.getsid(process_of(llama).pid) != os.getsid(0)


@pytest.mark.parametrize(("size", "why"), [(0, "GGUF"), (20_000_000, "corrupted or incomplete")])
def test_a_model_that_is_not_whole_is_an_error_that_names_it(tmp_path: Path, size, why):
    model = tmp_path / "cut.gguf"
    with shipped_model().open("rb") as whole:
        model.write_bytes(whole.read(size))
    with pytest.raises(TeacherError, match=why) as error:
        Llama(model, EmbeddedTeacher()).complete(ASKED)
    assert f"teacher.model: {model} cannot be loaded" in str(error.value)
    assert "exit code 1" in str(error.value)


def test_what_is_no_model_is_an_error_that_names_it(tmp_path: Path):
    model = tmp_path / "garbage.gguf"
    model.write_bytes(b"no model at all\n" * 100)
    with pytest.raises(TeacherError, match="invalid magic characters") as error:
        Llama(model, EmbeddedTeacher()).complete(ASKED)
    assert str(model) in str(error.value)
