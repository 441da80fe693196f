"""What a courier holds open: the teacher, the journal, the budget, and the dispatcher over them."""

from dataclasses import dataclass
from types import TracebackType
from typing import Self

from datagen.flow.budget import Budget, Tokens
from datagen.flow.dispatcher import Dispatcher
from datagen.journal.journal import Journal
from datagen.teachers.copies import WAITING
from datagen.teachers.embedded import Embedded, copies
from datagen.teachers.endpoint import Endpoint
from datagen.teachers.replay import Replay
from datagen.teachers.teacher import Teacher
from datagen.teachers.vllm.teacher import vllm_teacher
from filters.errors import SettingError
from schemas.generation.flow import Flow
from schemas.generation.teacher import EmbeddedTeacher, EndpointTeacher, ReplayTeacher, VllmTeacher
from schemas.generation.teacher import Teacher as TeacherSetting


@dataclass(frozen=True)
class Bounds:
    """What a run may spend, over all runs in its folder."""

    max_tokens: int | None = None
    max_cost: float | None = None
    workers: int = 1
    """Processes that spend at the same time; each gets its share of what is left."""
    spent: Tokens | None = None
    """By earlier runs, where several processes spend; None: what the journal says."""

    def check(self, teacher: TeacherSetting) -> None:
        """Raises SettingError: a bound on cost, and no price."""
        if self.max_cost is not None and teacher.price is None:
            raise SettingError(
                "--max-cost needs teacher.price: what a million tokens cost, such as "
                "--set 'teacher.price={prompt: 0.15, completion: 0.6}'"
            )


def make_teacher(setting: TeacherSetting, flow: Flow, server_url: str | None = None) -> Teacher:
    """The teacher of a recipe; ``server_url`` is where the vLLM server of this run listens.

    Raises SettingError: it cannot be used on this machine.
    """
    match setting:
        case EndpointTeacher():
            return Endpoint(setting, flow.timeout_seconds)
        case VllmTeacher():
            return vllm_teacher(setting, server_url, flow.timeout_seconds)
        case EmbeddedTeacher():
            return Embedded(setting)
        case ReplayTeacher():
            return Replay(make_teacher(setting.original, flow), setting.journal)


class Session:
    """Used as ``with``, while the run has the lock of the journal."""

    def __init__(
        self, teacher: TeacherSetting, flow: Flow, journal: str, bounds: Bounds, server_url: str | None
    ) -> None:
        """Raises SettingError as `make_teacher`."""
        self.teacher = make_teacher(teacher, flow, server_url)
        self.journal = Journal(journal)
        self._setting, self._flow, self._bounds = teacher, flow, bounds

    def __enter__(self) -> Self:
        """Raises JournalError: another run has the journal."""
        self.journal.__enter__()
        setting, flow, bounds = self._setting, self._flow, self._bounds
        if isinstance(setting, EmbeddedTeacher):
            most = min(flow.max_concurrency, copies(setting.threads) * WAITING)  # more would only wait
            flow = flow.model_copy(update={"max_concurrency": most})
        spent = self.journal.spent if bounds.spent is None else bounds.spent
        budget = Budget(spent, bounds.max_tokens, bounds.max_cost, setting.price, bounds.workers)
        self.dispatcher = Dispatcher(self.teacher, flow, self.journal, budget)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.journal.__exit__(kind, error, traceback)
