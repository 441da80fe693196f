"""The caller's end of the process that starts workers (``child.py``)."""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from contextlib import suppress

import psutil

from filters.errors import SettingError
from pipelines.engine.forks.client import ForkError, child_environment, current
from pipelines.extract.child import EXIT_CODE, KILL, READY, START, WAIT
from pipelines.extract.engines.registry import MODULES
from schemas.recipe.extract import EngineSettings

FRAME = re.compile(r'File "(?:.*/)?([^/"]+)", line (\d+) in (\S+)')
"""A line of faulthandler's traceback."""
PATIENCE = 10.0
"""Seconds that the process may take to end."""


class ZygoteDied(Exception):
    """The process that starts workers is gone."""


class Zygote:
    """Starts workers, one at a time, and says how each of them ended."""

    def __init__(self, settings: EngineSettings) -> None:
        """Start the process, as a fork where this one has a server for that, and wait until it has prepared the engine.

        Raises ``SettingError`` if the engine refuses its settings, ``ZygoteDied`` if the process cannot start.
        """
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process
        self._stderr_start = 0
        self._control, theirs = socket.socketpair()
        order = {"module": MODULES[settings.engine], "settings": settings.model_dump(mode="json")}
        with theirs:
            self._process = self._start(order, theirs)
        answer = self._control.recv(4096)
        if answer != READY:
            error = SettingError(answer.decode().strip()) if answer else ZygoteDied(self._said())
            self.close()
            raise error

    def _start(self, order: Mapping[str, object], theirs: socket.socket) -> psutil.Process:
        server = current()
        if server is not None:
            with suppress(ForkError):  # it was killed: then without it
                files = [theirs.fileno(), self._stderr.fileno()]
                return psutil.Process(server.fork("pipelines.extract.child:run", order, files))
        return self._run(order, theirs)

    def _run(self, order: Mapping[str, object], theirs: socket.socket) -> psutil.Process:
        with tempfile.TemporaryFile() as stdin:
            stdin.write(json.dumps(order).encode())
            stdin.seek(0)
            return psutil.Popen(
                [sys.executable, "-m", "pipelines.extract.child", str(theirs.fileno())],
                stdin=stdin,
                stdout=subprocess.DEVNULL,
                stderr=self._stderr,
                pass_fds=[theirs.fileno()],
                env=child_environment(),
            )

    def start_worker(self) -> socket.socket:
        """Start a worker and return the way to it. Raises ``ZygoteDied``."""
        ours, theirs = socket.socketpair()
        self._stderr_start = os.fstat(self._stderr.fileno()).st_size
        with theirs:
            try:
                socket.send_fds(self._control, [START], [theirs.fileno()])
            except OSError as error:
                ours.close()
                raise ZygoteDied from error
        return ours

    def end_worker(self, *, kill: bool) -> int:
        """Wait until the worker has ended, by force if ``kill``; returns its exit code, or minus the signal's number.

        Raises ``ZygoteDied``.
        """
        try:
            self._control.sendall(KILL if kill else WAIT)
            code = self._control.recv(EXIT_CODE.size)
        except OSError as error:
            raise ZygoteDied from error
        if not code:
            raise ZygoteDied
        return EXIT_CODE.unpack(code)[0]

    def where_worker_crashed(self) -> str:
        """`` in file:line (function)`` of the Python code that was running, empty where nothing is known."""
        frames = FRAME.findall(self._said())
        return " in {}:{} ({})".format(*frames[0]) if frames else ""

    def worker_lacked_memory(self) -> bool:
        """Whether it said so before it ended: Rust ends the process where an allocation fails."""
        said = self._said()
        return "memory allocation of" in said or "MemoryError" in said

    def close(self) -> None:
        """End the process, and with it the worker."""
        self._control.close()
        with suppress(psutil.NoSuchProcess):
            try:
                self._process.wait(PATIENCE)
            except psutil.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        self._stderr.close()

    def _said(self) -> str:
        """The start of what the worker (before the first: the process itself) wrote to standard error."""
        return os.pread(self._stderr.fileno(), 4096, self._stderr_start).decode(errors="replace")
