"""The teacher as judge: gates run in a thread, and put their questions to the event loop that asks the teacher."""

import asyncio
from collections.abc import Sequence

from pydantic import BaseModel

from datagen.query import Ask, Query
from datagen.structured import Answered, ask_for
from datagen.structured import Ask as AskTeacher


def judging_teacher(ask_teacher: AskTeacher, loop: asyncio.AbstractEventLoop) -> Ask:
    """What a judging gate calls from its thread; it waits until all questions are answered."""

    async def ask_all(asked: Sequence[Query]) -> list[BaseModel | None]:
        outcomes = await asyncio.gather(*(ask_for(each.form, each.request("judge"), ask_teacher) for each in asked))
        return [outcome.answer if isinstance(outcome, Answered) else None for outcome in outcomes]

    def ask(asked: Sequence[Query]) -> list[BaseModel | None]:
        return asyncio.run_coroutine_threadsafe(ask_all(asked), loop).result()

    return ask
