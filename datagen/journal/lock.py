"""One run at a time writes the journal of a folder; the couriers of a run share it, and may outlive it for a while."""

import fcntl
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from datagen.errors import JournalError

RUN, USERS = "lock", "users"
LEFT = "left-"
"""What a courier whose run is gone still waits for, in a file of this name and its process's number."""
PATIENCE_SECONDS = 10.0
"""For workers of a run that was killed, and then their couriers: they end a second after it."""
POLL_SECONDS = 0.1
TELL_SECONDS = 5.0
"""Between two lines to the user."""


class RunLock:
    """Held by a run as long as it lives. The system takes it away with the process, however that ends."""

    def __init__(self, folder: Path, answer_seconds: float, tell: Callable[[str], None]) -> None:
        """``answer_seconds``: how long an answer may take, for which the courier of an earlier run still waits.

        ``tell`` is given a sentence to the user while there are such.
        """
        self._folder, self._patience, self._tell = folder, PATIENCE_SECONDS + answer_seconds, tell
        self._lock: int | None = None

    def __enter__(self) -> Self:
        """Raises JournalError: another run has the folder, or nothing can be written there."""
        self._lock = _open(self._folder, RUN)
        try:
            _take(self._lock, fcntl.LOCK_EX, 0.0, self._folder)
            users = _open(self._folder, USERS)
            try:
                _take(users, fcntl.LOCK_EX, self._patience, self._folder, Waiting(self._folder, self._tell))
                for path in self._folder.glob(f"{LEFT}*"):  # of couriers that were killed
                    path.unlink()
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


class Waiting:
    """Tells a user what is waited for: at once, and from time to time when it has become less."""

    def __init__(self, folder: Path, tell: Callable[[str], None]) -> None:
        self._folder, self._tell = folder, tell
        self._told, self._next_at = 0, 0.0

    def __call__(self) -> None:
        """Look, and tell if there is something new."""
        left = sum(_number(path) for path in self._folder.glob(f"{LEFT}*"))
        if left and left != self._told and time.monotonic() >= self._next_at:
            self._tell(f"waiting for the answers that an earlier run has asked for: {left} left")
            self._told, self._next_at = left, time.monotonic() + TELL_SECONDS


def _number(path: Path) -> int:
    """What a courier has written; 0 if it is just writing it, or has ended."""
    try:
        return int(path.read_text())
    except (FileNotFoundError, ValueError):
        return 0


def use(folder: Path) -> int:
    """A descriptor that tells later runs that a process still writes there, until it is closed. Raises JournalError."""
    users = _open(folder, USERS)
    _take(users, fcntl.LOCK_SH, PATIENCE_SECONDS, folder)
    return users


def tell_left(folder: Path, left: int) -> None:
    """Let the next run know for how many answers this process still waits."""
    path = folder / f"{LEFT}{os.getpid()}"
    if left:
        path.write_text(str(left))
    else:
        path.unlink(missing_ok=True)


def _open(folder: Path, name: str) -> int:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise JournalError(f"cannot use {folder}: {error.strerror}. Choose another --out") from error


def _take(
    descriptor: int, kind: int, patience: float, folder: Path, meanwhile: Callable[[], None] = lambda: None
) -> None:
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
            meanwhile()
            time.sleep(POLL_SECONDS)
