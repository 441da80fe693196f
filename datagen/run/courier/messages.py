"""What a run and its courier say to each other: JSON messages, each after its length, on a pair of sockets."""

import asyncio
import struct
from typing import TypeVar

from pydantic import BaseModel

from datagen.errors import JournalError, TeacherError
from datagen.run.session import Bounds
from filters.errors import SettingError
from schemas.generation.flow import Flow
from schemas.generation.request import GenRequest
from schemas.generation.response import GenFailure, GenResponse
from schemas.generation.teacher import Teacher
from schemas.strict import StrictModel

LENGTH = struct.Struct(">I")
ERRORS = {error.__name__: error for error in (TeacherError, JournalError, SettingError)}
"""What ends a run with a sentence to the user, and so has to reach it as what it is."""

MessageT = TypeVar("MessageT", bound=BaseModel)


class Opening(StrictModel):
    """The run's first message. The teacher's key is not in it: both read it from the environment."""

    teacher: Teacher
    flow: Flow
    journal: str
    """The folder of the journal."""
    bounds: Bounds
    server_url: str | None
    """Where the vLLM server listens, if the teacher is one."""


class Opened(StrictModel):
    """The courier's first message: the teacher can be asked."""

    name: str
    """Of the teacher: model and revision."""
    is_local: bool
    """Whether what it is sent stays on this machine."""


class Asked(StrictModel):
    """A request of the run."""

    number: int
    request: GenRequest


class Answered(StrictModel):
    """Its outcome; answers come in any order."""

    number: int
    outcome: GenResponse | GenFailure


class Failed(StrictModel):
    """The courier's last message where it ends before the run."""

    error: str
    """One of `ERRORS`."""
    message: str


class Reply(StrictModel):
    """Whatever the courier says."""

    said: Opened | Answered | Failed


def send(writer: asyncio.StreamWriter, message: BaseModel) -> None:
    """Hand a message on. It waits in memory where the other side is slow: the run's window bounds that."""
    body = message.model_dump_json().encode()
    writer.write(LENGTH.pack(len(body)) + body)


async def receive(reader: asyncio.StreamReader, kind: type[MessageT]) -> MessageT | None:
    """The next message; None when the other side has ended, in the middle of a message too."""
    try:
        (length,) = LENGTH.unpack(await reader.readexactly(LENGTH.size))
        body = await reader.readexactly(length)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return kind.model_validate_json(body)
