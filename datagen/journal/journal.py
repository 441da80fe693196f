"""The journal of a run's folder: outcomes by the digest of all that was sent."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self

from datagen.errors import JournalError
from datagen.flow.budget import Tokens
from datagen.journal.local import LocalSegments
from datagen.journal.objects import ObjectSegments
from datagen.journal.segment import Place, decode, encode
from pipelines.engine.outputs.files import is_local
from schemas.generation.response import Outcome


class Journal:
    """Used as ``with``; what the processes of a run add at the same time, they find when they begin the next time.

    Memory: about 200 bytes an outcome; the texts stay on disk. What is added is handed to the system at once, so that
    it outlives this process, and is on disk soon. Many that are added at the same time share an ``fsync``.
    """

    def __init__(self, folder: str | Path, *, read_only: bool = False) -> None:
        """``read_only`` for the journal of another run: nothing is added."""
        self._folder, self._read_only = str(folder), read_only
        self._places: dict[bytes, Place] = {}
        self._waiting: list[asyncio.Future[None]] = []
        self._syncing: asyncio.Task[None] | None = None
        self.unsynced = 0
        """Outcomes that are not on disk yet."""
        self.spent = Tokens()
        """Tokens of all outcomes, of earlier runs too."""

    def __len__(self) -> int:
        """How many outcomes there are."""
        return len(self._places)

    def __enter__(self) -> Self:
        """Read what is there. Raises JournalError: another run uses it, or it cannot be written."""
        if is_local(self._folder):
            self._segments = LocalSegments(Path(self._folder), read_only=self._read_only)
        else:
            self._segments = ObjectSegments(self._folder)
        for place, outcome in self._segments.read():
            self._remember(outcome, place)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._segments.close()

    def find(self, digest: str) -> Outcome | None:
        """What came of that request once, marked as cached; None if it is new."""
        place = self._places.get(bytes.fromhex(digest))
        if place is None:
            return None
        outcome = decode(self._segments.get(place))
        if outcome is None:
            raise JournalError(f"{self._folder} was changed while it was in use")
        return outcome.model_copy(update={"cached": True})

    def add(self, outcome: Outcome) -> asyncio.Future[None]:
        """Hand an outcome to the system; what comes back is done when it is on disk, or has the JournalError.

        Raises JournalError: it cannot be written.
        """
        try:
            place = self._segments.append(encode(outcome))
        except OSError as error:
            raise self._cannot_write(error) from error
        self._remember(outcome, place)
        done = asyncio.get_running_loop().create_future()
        self._waiting.append(done)
        self.unsynced += 1
        if self._syncing is None or self._syncing.done():
            self._syncing = asyncio.create_task(self._sync())
        return done

    def tell_left(self, left: int) -> None:
        """Let the next run know for how many outcomes it has to wait. Raises JournalError."""
        try:
            self._segments.tell_left(left)
        except OSError as error:
            raise self._cannot_write(error) from error

    async def _sync(self) -> None:
        """Wait for the disk again and again, until nothing waits: what comes meanwhile shares the next time."""
        while self._waiting:
            waiting, self._waiting = self._waiting, []
            problem: JournalError | None = None
            try:
                await asyncio.to_thread(self._segments.sync)
            except OSError as error:
                problem = self._cannot_write(error)
            self.unsynced -= len(waiting)
            for done in waiting:
                if not done.done():
                    done.set_exception(problem) if problem else done.set_result(None)

    def _cannot_write(self, error: OSError) -> JournalError:
        return JournalError(f"cannot write to {self._folder}: {error.strerror or error}. Free space")

    def _remember(self, outcome: Outcome, place: Place) -> None:
        self._places[bytes.fromhex(outcome.digest)] = place
        self.spent += Tokens(outcome.prompt_tokens, outcome.completion_tokens)
