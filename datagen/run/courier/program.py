"""The courier's side: asks for the run as long as that lives, then takes in what is under way, and ends."""

import asyncio
import socket
from contextlib import AsyncExitStack, suppress

from datagen.run.courier.messages import ERRORS, Answered, Asked, Failed, Opened, Opening, Reply, receive, send
from datagen.run.session import Session


async def serve(connection: socket.socket) -> None:
    """Until the run closes the connection, or the system does it because the run was killed."""
    reader, writer = await asyncio.open_connection(sock=connection)
    opening = await receive(reader, Opening)
    if opening is None:
        return
    try:
        async with AsyncExitStack() as stack:
            session = stack.enter_context(
                Session(opening.teacher, opening.flow, opening.journal, opening.bounds, opening.server_url)
            )
            await stack.enter_async_context(session.teacher)
            send(writer, Reply(said=Opened(name=session.teacher.name, is_local=session.teacher.is_local)))
            await _work(session, reader, writer)
    except tuple(ERRORS.values()) as error:
        send(writer, Reply(said=Failed(error=type(error).__name__, message=str(error))))
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()  # else the last messages might be lost


async def _work(session: Session, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask at once whatever comes. The first error ends all. Raises what `Dispatcher.ask` raises."""

    async def answer(asked: Asked) -> None:
        outcome = await session.dispatcher.ask(asked.request)
        if not reader.at_eof():
            send(writer, Reply(said=Answered(number=asked.number, outcome=outcome)))

    try:
        async with asyncio.TaskGroup() as answering:
            while (asked := await receive(reader, Asked)) is not None:
                answering.create_task(answer(asked))
            await session.dispatcher.finish(session.journal.tell_left)
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None
