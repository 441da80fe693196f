"""The journal of a run's folder: outcomes by the digest of all that was sent."""

import asyncio
import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self

from datagen.errors import JournalError
from datagen.flow.budget import Tokens
from datagen.journal.segment import Place, create, decode, encode, next_segment, read_segment, segments, write_through
from schemas.generation.response import Outcome

LOCK = "lock"


class Journal:
    """Used as ``with``: one process at a time. Memory: about 200 bytes an outcome; the texts stay on disk.

    What is added is on disk when `add` returns. Many that are added at the same time share one ``fsync``.
    """

    def __init__(self, folder: Path, *, read_only: bool = False) -> None:
        """``read_only`` for the journal of another run: nothing is added, and no lock is needed."""
        self._folder, self._read_only = folder, read_only
        self._places: dict[bytes, Place] = {}
        self._paths: list[Path] = []
        self._readers: dict[int, int] = {}
        self._lock: int | None = None
        self._writer: int | None = None
        self._written = 0
        self._pending: list[tuple[Outcome, asyncio.Future[None]]] = []
        self._flushing: asyncio.Task[None] | None = None
        self.spent = Tokens()
        """Tokens of all outcomes, of earlier runs too."""

    def __len__(self) -> int:
        """How many outcomes there are."""
        return len(self._places)

    def __enter__(self) -> Self:
        """Read what is there. Raises JournalError: another run uses it, or it cannot be written."""
        if not self._read_only:
            self._take_lock()
        for path in segments(self._folder):
            self._paths.append(path)
            for offset, length, outcome in read_segment(path):
                self._remember(outcome, Place(len(self._paths) - 1, offset, length))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for descriptor in (*self._readers.values(), self._writer, self._lock):
            if descriptor is not None:
                os.close(descriptor)
        self._readers, self._writer, self._lock = {}, None, None

    def find(self, digest: str) -> Outcome | None:
        """What came of that request once, marked as cached; None if it is new."""
        place = self._places.get(bytes.fromhex(digest))
        if place is None:
            return None
        if place.segment not in self._readers:
            self._readers[place.segment] = os.open(self._paths[place.segment], os.O_RDONLY)
        outcome = decode(os.pread(self._readers[place.segment], place.length, place.offset))
        if outcome is None:
            raise JournalError(f"{self._paths[place.segment]} was changed while it was in use")
        return outcome.model_copy(update={"cached": True})

    async def add(self, outcome: Outcome) -> None:
        """Add an outcome; returns when it is on disk. Raises JournalError if it cannot be written."""
        done = asyncio.get_running_loop().create_future()
        self._pending.append((outcome, done))
        if self._flushing is None or self._flushing.done():
            self._flushing = asyncio.create_task(self._flush())
        await done

    async def _flush(self) -> None:
        """Write what is waiting, again and again until nothing is: what comes during an ``fsync`` shares the next."""
        while self._pending:
            batch, self._pending = self._pending, []
            lines = [encode(outcome) for outcome, _ in batch]
            try:
                await asyncio.to_thread(self._append, b"".join(lines))
            except OSError as error:
                for _, done in batch:
                    if not done.done():
                        done.set_exception(
                            JournalError(f"cannot write to {self._folder}: {error.strerror}. Free space")
                        )
                return
            for (outcome, done), line in zip(batch, lines, strict=True):
                self._remember(outcome, Place(len(self._paths) - 1, self._written, len(line)))
                self._written += len(line)
                if not done.done():
                    done.set_result(None)

    def _append(self, data: bytes) -> None:
        if self._writer is None:
            path = next_segment(self._folder)
            self._writer = create(path)
            self._paths.append(path)
        write_through(self._writer, data)

    def _remember(self, outcome: Outcome, place: Place) -> None:
        self._places[bytes.fromhex(outcome.digest)] = place
        self.spent += Tokens(outcome.prompt_tokens, outcome.completion_tokens)

    def _take_lock(self) -> None:
        """A lock that the system takes away with the process, however that ends."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = os.open(self._folder / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise JournalError(
                f"another run is using {self._folder}: wait for it, or choose another --out (both would pay)"
            ) from error
        except OSError as error:
            raise JournalError(f"cannot use {self._folder}: {error.strerror}. Choose another --out") from error
