"""One vLLM server for all processes of a machine: on a remote runner each worker machine starts its own."""

import fcntl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from datagen.errors import TeacherError
from datagen.teachers.vllm.orphans import states_folder
from datagen.teachers.vllm.server import VllmServer
from schemas.fingerprint import fingerprint
from schemas.generation.teacher import VllmTeacher

POLL_SECONDS = 0.5


@contextmanager
def machine_server(setting: VllmTeacher, make: Callable[[Path], VllmServer] | None = None) -> Iterator[str]:
    """Where the server of this machine listens: the first process starts it, and ends it when all others have left.

    Raises TeacherError: it does not start, or not in time. ``make`` gives the server that logs to a file.
    """
    name = fingerprint(setting.model_dump(mode="json"))
    folder = states_folder()
    address, log = folder / f"{name}.url", folder / f"{name}.log"
    with (folder / f"{name}.lock").open("w") as lock, (folder / f"{name}.guests").open("w") as guests:
        end = time.monotonic() + setting.start_seconds
        while not _is_taken(lock.fileno()):
            fcntl.flock(guests, fcntl.LOCK_SH)
            if (url := _answering(address)) is not None:
                yield url
                return
            fcntl.flock(guests, fcntl.LOCK_UN)
            if time.monotonic() > end:
                raise TeacherError(f"another process has not started the vLLM server in time; its log: {log}")
            time.sleep(POLL_SECONDS)
        with VllmServer(setting, log) if make is None else make(log) as server:
            address.write_text(server.url)
            try:
                yield server.url
            finally:
                address.unlink(missing_ok=True)
                fcntl.flock(guests, fcntl.LOCK_EX)


def _is_taken(lock: int) -> bool:
    """Whether the lock is ours now."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _answering(address: Path) -> str | None:
    """What stands in the file, if a server listens there."""
    try:
        url = address.read_text()
        return url if httpx.get(f"{url.removesuffix('/v1')}/health", timeout=POLL_SECONDS).is_success else None
    except (FileNotFoundError, httpx.HTTPError, httpx.InvalidURL):
        return None
