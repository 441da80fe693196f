"""A vLLM server for the time of a run: started, watched, restarted, and ended whatever happens."""

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import httpx

from datagen.errors import TeacherError
from datagen.teachers.vllm.guests import guests_file
from datagen.teachers.vllm.orphans import end_orphans, states_folder
from schemas.generation.teacher import VllmTeacher

KEEPER = Path(__file__).with_name("keeper.py")
POLL_SECONDS = 0.5
HEALTH_SECONDS = 10.0
"""Between two looks at a server that runs."""
UNHEALTHY_LOOKS = 6
"""So many looks in a row without an answer, and it is started anew."""
LOG_CHARACTERS = 1500
COMPACT = '{"backend": "xgrammar", "disable_any_whitespace": true}'
"""No white space between the parts of guided JSON, in which a small model would loop."""


def server_command(setting: VllmTeacher, port: int) -> list[str]:
    """How the server is started. ``vllm serve`` is not used: builds for other devices lack it."""
    return [
        setting.python, "-m", "vllm.entrypoints.openai.api_server",
        "--model", setting.model,
        *(["--revision", setting.revision] if setting.revision else []),
        "--served-model-name", setting.model,
        "--host", "127.0.0.1", "--port", str(port),
        "--structured-outputs-config", COMPACT,
        *setting.arguments,
    ]  # fmt: skip


class VllmServer:
    """Used as ``with``: the server answers when the block begins, and is gone when it has ended."""

    def __init__(self, setting: VllmTeacher, log: Path, command: Sequence[str] | None = None) -> None:
        """``log`` takes in what the server prints; ``command`` stands in for vLLM's own, with ``{port}`` in it."""
        self._setting, self._log = setting, log
        self._port = _free_port()
        self._command = (
            [part.format(port=self._port) for part in command] if command else server_command(setting, self._port)
        )
        self._folder = states_folder()
        self._keeper: subprocess.Popen[bytes] | None = None
        self._stop = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._starts = 0
        self.url = f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> Self:
        """Raises TeacherError: it does not start, or not in time."""
        end_orphans(self._folder)
        self._log.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._start()
            self._await_ready()
        except BaseException:
            self._end()
            raise
        self._watcher.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._watcher.join()
        self._end()

    def _start(self) -> None:
        self._starts += 1
        state = self._folder / f"{os.getpid()}-{self._port}.json"
        environment = {**os.environ, **self._setting.environment}
        with self._log.open("ab") as log:
            self._keeper = subprocess.Popen(
                [sys.executable, str(KEEPER), str(state), str(guests_file(self._port)), "--", *self._command],
                stdin=subprocess.PIPE, stdout=log, stderr=log, env=environment, start_new_session=True,
            )  # fmt: skip

    def _await_ready(self) -> None:
        end = time.monotonic() + self._setting.start_seconds
        while not self._is_healthy():
            if self._keeper is None or self._keeper.poll() is not None:
                raise TeacherError(f"the vLLM server ended while it started. {self._said()}")
            if time.monotonic() > end:
                raise TeacherError(
                    f"the vLLM server has not answered in {self._setting.start_seconds:g} s: raise "
                    f"teacher.start_seconds. {self._said()}"
                )
            time.sleep(POLL_SECONDS)

    def _is_healthy(self) -> bool:
        try:
            return httpx.get(f"http://127.0.0.1:{self._port}/health", timeout=HEALTH_SECONDS).is_success
        except httpx.HTTPError:
            return False

    def _watch(self) -> None:
        """Start it anew when it has died or hangs; requests meanwhile are sent again."""
        silent, next_look = 0, time.monotonic() + HEALTH_SECONDS
        while not self._stop.wait(POLL_SECONDS):
            died = self._keeper is None or self._keeper.poll() is not None
            if not died and time.monotonic() > next_look:
                silent = 0 if self._is_healthy() else silent + 1
                next_look = time.monotonic() + HEALTH_SECONDS
            if (died or silent >= UNHEALTHY_LOOKS) and self._starts <= self._setting.restarts:
                self._end()
                self._start()
                silent, next_look = 0, time.monotonic() + self._setting.start_seconds

    def _end(self) -> None:
        """Let the keeper end the server, whoever may need it still, and wait for that."""
        if self._keeper is not None:
            pipe: IO[bytes] | None = self._keeper.stdin
            if pipe is not None:
                with suppress(BrokenPipeError):  # the server, and so the keeper, may have ended
                    pipe.write(b".")
                    pipe.close()
            self._keeper.wait()
            self._keeper = None

    def _said(self) -> str:
        text = self._log.read_text(errors="replace")[-LOG_CHARACTERS:] if self._log.exists() else ""
        return f"The end of {self._log}:\n{text}"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]
