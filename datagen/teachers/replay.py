"""A teacher that knows only what another has said before: the journal of an earlier run."""

from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import JsonValue

from datagen.journal.journal import Journal
from datagen.teachers.teacher import SendError, Teacher, request_digest
from filters.errors import SettingError
from schemas.generation.request import GenRequest
from schemas.generation.response import GenResponse


class Replay:
    """Answers what ``original`` was asked, by the digests of what would be sent to it; sends nothing."""

    def __init__(self, original: Teacher, journal: Path) -> None:
        """Raises SettingError: there is no such journal."""
        if not journal.is_dir():
            raise SettingError(f"teacher replay: {journal} is no folder: name the folder `journal` of an earlier run")
        self._original = original
        self._journal = Journal(journal, read_only=True)
        self._journal.__enter__()
        self.name = original.name
        self.is_local = True

    def sent(self, request: GenRequest) -> JsonValue:
        """What the original would be sent."""
        return self._original.sent(request)

    async def send(self, request: GenRequest) -> GenResponse:
        """Look it up. Raises SendError: it was never asked, or had no answer."""
        found = self._journal.find(request_digest(self, request))
        if found is None:
            raise SendError("not_recorded", f"the journal of {self.name} has no such request")
        if not isinstance(found, GenResponse):
            raise SendError(found.reason, found.message)
        return found.model_copy(update={"request_id": request.request_id, "cached": False})

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Nothing is open but the journal, which lives as long as this."""
