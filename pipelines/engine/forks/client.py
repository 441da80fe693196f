"""The way to the process that others are forked from (``server.py``): every process has one of its own, or none."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from pipelines.engine.forks.server import LENGTH, PROCESS, Argument, serve
from pipelines.engine.watch.memory import set_lean_allocation

CAN_FORK = sys.platform == "linux"
"""Elsewhere the system's own libraries may have threads, with which a forked process is not safe."""
GONE = "the process that starts workers has ended"


class ForkError(Exception):
    """The process that others are forked from is gone."""


class ForkServer:
    """Asks for calls and forks; safe for several threads."""

    def __init__(self, control: socket.socket, process: int) -> None:
        self._control, self._process = control, process
        self._import_path = list(sys.path)
        self._lock = threading.Lock()

    def imports_like_this_process(self) -> bool:
        """Whether its children find the modules that this process finds by now."""
        return self._import_path == sys.path

    def call(self, target: str, argument: Argument) -> None:
        """Let the process itself run ``module:function(argument)``, and do not wait: its children find it done."""
        with self._lock:
            self._send(target, argument, (), forks=False)

    def fork(self, target: str, argument: Argument, files: Sequence[int]) -> int:
        """Run ``module:function(argument, files)`` in a child; returns its process number. Raises ForkError."""
        with self._lock:
            self._send(target, argument, files, forks=True)
            try:
                answer = self._control.recv(PROCESS.size)
            except ConnectionError:
                answer = b""
        if not answer:
            raise ForkError(GONE)
        return PROCESS.unpack(answer)[0]

    def close(self) -> None:
        """End it; what it and its children used is then counted as this process's."""
        self._control.close()
        with suppress(ProcessLookupError, ChildProcessError):
            os.kill(self._process, signal.SIGKILL)
            os.waitpid(self._process, 0)

    def _send(self, target: str, argument: Argument, files: Sequence[int], *, forks: bool) -> None:
        request = json.dumps([target, argument, forks]).encode()
        try:
            socket.send_fds(self._control, [LENGTH.pack(len(request))], files)
            self._control.sendall(request)
        except OSError as error:
            raise ForkError(GONE) from error


_servers: list[ForkServer] = []
"""That of this process, if it has one."""


def current() -> ForkServer | None:
    """The server of this process; None if there is none, or none that imports what this process does."""
    return _servers[0] if _servers and _servers[0].imports_like_this_process() else None


def start() -> ForkServer:
    """The server of this process, started if need be; it works on what it was asked while this process goes on."""
    server = current()
    if server is None:
        set_lean_allocation()
        ours, theirs = socket.socketpair()
        with theirs:
            process = subprocess.Popen(
                [sys.executable, "-m", "pipelines.engine.forks.server", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env=child_environment(),
            )
        server = ForkServer(ours, process.pid)
        _servers[:] = [server]
        atexit.register(server.close)
    return server


def fork_own_server(unwanted: Sequence[int]) -> ForkServer:
    """Give this process, itself forked and without threads yet, a server: a copy without the files ``unwanted``.

    Close it before this process ends.
    """
    ours, theirs = socket.socketpair()
    process = os.fork()
    if process == 0:
        ours.close()
        for file in unwanted:
            os.close(file)
        serve(theirs)
        os._exit(0)
    theirs.close()
    _servers[:] = [ForkServer(ours, process)]
    return _servers[0]


def child_environment() -> dict[str, str]:
    """Ours, with what else could change a result or an import: hash seed, time zone, import path.

    NumPy starts no threads there: they wait by spinning, and a process that is forked should have none.
    """
    path = os.pathsep.join(str(Path(entry).absolute()) for entry in sys.path)
    settings = {"PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0", "TZ": "UTC", "OPENBLAS_NUM_THREADS": "1"}
    return {**os.environ, **settings, "PYTHONPATH": path}
