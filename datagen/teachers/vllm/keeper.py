"""Keeps a server: starts it, and ends it with its whole process group when this program's standard input ends.

    python keeper.py STATE GUESTS -- COMMAND...

Its input is a pipe that Orchard holds. The system closes it with Orchard, however that ends, kill -9 too. Who still
waits for answers then locks the file GUESTS, and is waited for; a byte in the pipe ends the server at once. STATE is a
JSON file that names the server; where even the keeper was killed, the next run ends the server by it. On Linux the
system ends the server with the keeper, too. The keeper ends when the server does, with its exit code.
"""

import contextlib
import ctypes
import fcntl
import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil

POLL_SECONDS = 0.2
GRACE_SECONDS = 10.0
"""From asking the server to end to ending it."""
PR_SET_PDEATHSIG = 1


def main(state: Path, guests: Path, command: list[str]) -> int:
    """Keep the server until it or the input ends; returns its exit code."""
    server = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=die_with_parent,  # noqa: PLW1509 (this program has one thread)
    )  # fmt: skip
    started = psutil.Process(server.pid).create_time()
    state.write_text(json.dumps({"group": server.pid, "started": started, "keeper": os.getpid()}))
    while server.poll() is None:
        readable, _, _ = select.select([sys.stdin], [], [], POLL_SECONDS)
        if readable:
            if os.read(sys.stdin.fileno(), 1):
                break
            if not has_guests(guests):
                guests.unlink()
                break
            time.sleep(POLL_SECONDS)
    end_group(server)
    state.unlink(missing_ok=True)
    return server.wait()


def has_guests(guests: Path) -> bool:
    """Whether somebody needs the server though the run has ended."""
    with guests.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def die_with_parent() -> None:
    """Ask Linux to kill this process when its parent dies; elsewhere the state file has to do."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def end_group(server: subprocess.Popen[bytes]) -> None:
    """End the server and all that it has started: first asked, then killed."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGTERM)
        end = time.monotonic() + GRACE_SECONDS
        while time.monotonic() < end and (server.poll() is None or group_is_alive(server.pid)):
            time.sleep(POLL_SECONDS)
        os.killpg(server.pid, signal.SIGKILL)


def group_is_alive(group: int) -> bool:
    """Whether a process of that group is left, zombies too."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[4:]))
