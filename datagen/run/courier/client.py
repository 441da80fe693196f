"""The run's side: starts a courier, hands it requests, and takes in what came of them."""

import asyncio
import socket
import subprocess
import sys
import tempfile
import threading
from itertools import count
from types import TracebackType
from typing import Self

from datagen.errors import TeacherError
from datagen.run.courier.messages import ERRORS, Answered, Asked, Failed, Opened, Opening, Reply, receive, send
from datagen.run.session import Bounds
from schemas.generation.recipe import GenerationSettings
from schemas.generation.request import GenRequest
from schemas.generation.response import Outcome

SAID_CHARACTERS = 1500


class Courier:
    """Used as ``async with``, while the run has the lock of the journal; it belongs to the event loop of that block.

    The courier is a process in a session of its own, so that what ends the run or its process group does not end it.
    The system closes the connection with the run, however that ends: what is under way by then is still taken in.
    """

    def __init__(self, settings: GenerationSettings, journal: str, bounds: Bounds, server_url: str | None) -> None:
        self._opening = Opening(
            teacher=settings.teacher, flow=settings.flow, journal=journal, bounds=bounds, server_url=server_url
        )
        self._numbers = count()
        self._asked: dict[int, asyncio.Future[Outcome]] = {}
        self._error: Exception | None = None

    async def __aenter__(self) -> Self:
        """Raises SettingError, JournalError, TeacherError: the teacher or the journal cannot be used."""
        ours, theirs = socket.socketpair()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 (no pipe: nobody may be left to read it)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "datagen.run.courier", str(theirs.fileno())], pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL, stdout=self._said, stderr=self._said, start_new_session=True,
            )  # fmt: skip
        threading.Thread(target=self._process.wait, daemon=True).start()  # it may outlive this block
        self._reader, self._writer = await asyncio.open_connection(sock=ours)
        send(self._writer, self._opening)
        opened = await self._next()
        if not isinstance(opened, Opened):
            self._writer.close()
            raise self._why(opened)
        self.teacher, self.teacher_is_local = opened.name, opened.is_local
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Wait until it has ended; but not for answers that nobody here waits for any more."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        self._writer.close()
        if not self._asked or self._error is not None:
            await asyncio.to_thread(self._process.wait)
        self._said.close()

    async def ask(self, request: GenRequest) -> Outcome:
        """The outcome of a request: from the journal if it is there, else from the teacher, and then it is there.

        Raises:
            TeacherError: the teacher cannot be used at all.
            JournalError: the outcome cannot be kept.
        """
        if self._error is not None:
            raise self._error
        number = next(self._numbers)
        self._asked[number] = asyncio.get_running_loop().create_future()
        send(self._writer, Asked(number=number, request=request))
        return await self._asked[number]

    async def _next(self) -> Opened | Answered | Failed | None:
        reply = await receive(self._reader, Reply)
        return None if reply is None else reply.said

    async def _read(self) -> None:
        """Until the courier ends though it is asked, which all who wait get to know."""
        while isinstance(reply := await self._next(), Answered):
            asked = self._asked.pop(reply.number)
            if not asked.done():
                asked.set_result(reply.outcome)
        self._error = self._why(reply)
        for asked in self._asked.values():
            if not asked.done():
                asked.set_exception(self._error)

    def _why(self, last: Opened | Answered | Failed | None) -> Exception:
        """What its last message says, or what it has printed."""
        if isinstance(last, Failed):
            return ERRORS[last.error](last.message)
        code = self._process.wait()
        self._said.seek(0)
        said = self._said.read().decode(errors="replace")[-SAID_CHARACTERS:]
        return TeacherError(
            f"the process that asks the teacher has ended (exit code {code}). Run the same command again: what was "
            f"answered is kept and not asked again{said and '. It said:'}\n{said}".strip()
        )
