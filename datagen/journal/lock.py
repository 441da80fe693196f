"""One run at a time writes the journal of a folder; the processes of a run share it."""

import fcntl
import os
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from datagen.errors import JournalError

RUN, USERS = "lock", "users"
PATIENCE_SECONDS = 10.0
"""For workers of a run that was killed: they end a second after it."""
POLL_SECONDS = 0.1


class RunLock:
    """Held by a run as long as it lives. The system takes it away with the process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock: int | None = None

    def __enter__(self) -> Self:
        """Raises JournalError: another run has the folder, or nothing can be written there."""
        self._lock = _open(self._folder, RUN)
        try:
            _take(self._lock, fcntl.LOCK_EX, 0.0, self._folder)
            users = _open(self._folder, USERS)
            try:
                _take(users, fcntl.LOCK_EX, PATIENCE_SECONDS, self._folder)
            finally:
                os.close(users)
        except JournalError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def use(folder: Path) -> int:
    """A descriptor that tells later runs that a process still writes there, until it is closed. Raises JournalError."""
    users = _open(folder, USERS)
    _take(users, fcntl.LOCK_SH, PATIENCE_SECONDS, folder)
    return users


def _open(folder: Path, name: str) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise JournalError(f"cannot use {folder}: {error.strerror}. Choose another --out") from error


def _take(descriptor: int, kind: int, patience: float, folder: Path) -> None:
    end = time.monotonic() + patience
    while True:
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
            return
        except BlockingIOError as error:
            if time.monotonic() >= end:
                raise JournalError(
                    f"another run is using {folder}: wait for it, or choose another --out (both would pay)"
                ) from error
            time.sleep(POLL_SECONDS)
