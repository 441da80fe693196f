"""Extraction in a child process, so that one page can neither hang nor kill the caller."""

import os
import signal
import socket
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import suppress
from types import TracebackType
from typing import Self

from pipelines.extract.batch_file import decode_outcome, encode_head, new_file, to_utf8, write_all
from pipelines.extract.page import Extracted, ExtractionFailure, Page
from pipelines.extract.worker import BATCH, EXIT_MEMORY, EXIT_RECYCLED, LENGTH
from pipelines.extract.zygote import Zygote, ZygoteDied
from schemas.recipe.extract import EngineSettings

Outcome = Extracted | ExtractionFailure

BATCH_PAGES = 64
BATCH_CHARACTERS = 4_000_000
"""A batch ends with the page that passes this."""
BATCHES_AHEAD = 1
"""Batches that the worker may begin while the caller still takes the outcomes of the one before. So memory holds the
pages and outcomes of two batches, each of ``BATCH_CHARACTERS`` and the longest page at most."""
WALL_FACTOR = 10
WALL_GRACE = 10.0
"""A page that uses no CPU time at all is given up after ``WALL_FACTOR`` times the limit plus these seconds."""
MAX_KEPT_BYTES = 32 << 20
"""A file of pages up to this size serves again: the system takes longer to find fresh memory than to copy into it."""
FROM_OUTSIDE = {-signal.SIGKILL, -signal.SIGTERM, -signal.SIGHUP}
"""Exit codes of a worker that somebody else ended (an operator, the kernel): they say nothing of the page."""


class ExtractionSandbox:
    """Extracts pages with the engine that ``settings`` name, within the limits that they set.

    Time is the worker's CPU time, so that verdicts do not depend on the machine's load; the wall clock is a back-stop.
    A page is only charged with a crash or lack of memory that it caused in a fresh worker: after the first time, it is
    tried again in one. So its outcome does not depend on the pages before it. What a worker was given and had not done
    is given to the next, which is forked in milliseconds.

    Not for use by several threads at once. Raises ``SettingError`` on entry if the engine refuses its settings.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._wall_limit = WALL_FACTOR * settings.time_limit_seconds + WALL_GRACE

    def __enter__(self) -> Self:
        self._zygote = Zygote(self._settings)
        self._worker: socket.socket | None = None
        self._free_files: list[int] = []
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._worker is not None:
            self._worker.close()
        self._zygote.close()
        for file in self._free_files:
            os.close(file)

    def extract_many(self, pages: Iterable[Page]) -> Iterator[Outcome]:
        """The outcome of every page, in their order; the child works ahead while the caller looks at them."""
        ahead: deque[_Batch] = deque()
        try:
            for batch in self._batches(pages):
                ahead.append(batch)
                self._send(batch, ahead)
                if len(ahead) > BATCHES_AHEAD:
                    yield from self._outcomes(ahead)
            while ahead:
                yield from self._outcomes(ahead)
        finally:
            if ahead:  # The caller has lost interest; what the worker still says would be taken for other pages' text.
                self._end_worker(kill=True)
            for batch in ahead:
                os.close(batch.file)

    def _batches(self, pages: Iterable[Page]) -> Iterator["_Batch"]:
        chosen: list[Page] = []
        length = 0
        for page in pages:
            chosen.append(page)
            length += len(page.html)
            if len(chosen) == BATCH_PAGES or length > BATCH_CHARACTERS:
                yield self._batch(chosen)
                chosen, length = [], 0
        if chosen:
            yield self._batch(chosen)

    def _batch(self, pages: Iterable[Page]) -> "_Batch":
        file = self._free_files.pop() if self._free_files else new_file()
        return _Batch(pages, self._settings.max_page_bytes, file)

    def _outcomes(self, ahead: deque["_Batch"]) -> Iterator[Outcome]:
        """The outcomes of the first batch of ``ahead``, which is then taken away."""
        batch = ahead[0]
        for refusal in batch.refused:
            yield refusal or self._next(ahead)
        ahead.popleft()
        if batch.size <= MAX_KEPT_BYTES:
            self._free_files.append(batch.file)  # no worker writes into it any more: all its outcomes are there
        else:
            os.close(batch.file)

    def _next(self, ahead: deque["_Batch"]) -> Outcome:
        """The outcome of the first page that has none."""
        deaths = 0
        while True:
            overdue = False
            try:
                length = self._receive()
            except TimeoutError:
                length, overdue = 0, True
            if length:
                return ahead[0].take(length)
            fresh = self._answered == 0
            code = self._end_worker(kill=overdue)
            failure = self._judge(code, overdue=overdue, is_final=deaths > 0 or (fresh and code not in FROM_OUTSIDE))
            deaths += code != EXIT_RECYCLED
            ahead[0].done += failure is not None
            self._start_worker(ahead)
            if failure is not None:
                return failure

    def _judge(self, code: int, *, overdue: bool, is_final: bool) -> ExtractionFailure | None:
        """What the end of a worker says of the page at hand; None: nothing, let another worker try."""
        if overdue:
            return ExtractionFailure("ExtractionTimeout", f"no result after {self._wall_limit:g} s")
        if code == -signal.SIGPROF:
            return ExtractionFailure(
                "ExtractionTimeout", f"took more than {self._settings.time_limit_seconds:g} s of CPU time"
            )
        if not is_final or (code == EXIT_RECYCLED and self._answered):
            return None
        if code == EXIT_MEMORY or self._zygote.worker_lacked_memory():
            return ExtractionFailure("ExtractionMemory", f"needed more than {self._settings.memory_limit_mb} MiB")
        ending = signal.Signals(-code).name if code < 0 else f"exit code {code}"
        return ExtractionFailure("ExtractionCrash", f"ended by {ending}{self._zygote.where_worker_crashed()}")

    def _send(self, batch: "_Batch", ahead: Iterable["_Batch"]) -> None:
        """Give ``batch``, the last of ``ahead``, to the worker."""
        if self._worker is None:
            self._start_worker(ahead)
        else:
            with suppress(OSError):
                batch.send(self._worker)

    def _receive(self) -> int:
        """The bytes of the next outcome; 0 if the worker has ended. Raises ``TimeoutError``."""
        assert self._worker is not None
        try:
            while len(self._inbox) < LENGTH.size:
                received = self._worker.recv(4096)
                if not received:
                    return 0
                self._inbox += received
        except ConnectionError:
            return 0
        self._answered += 1
        (length,) = LENGTH.unpack_from(self._inbox)
        del self._inbox[: LENGTH.size]
        return length

    def _start_worker(self, ahead: Iterable["_Batch"]) -> None:
        """Start a worker and give it all that has no outcome yet."""
        try:
            self._worker = self._zygote.start_worker()
        except ZygoteDied:
            self._zygote.close()
            self._zygote = Zygote(self._settings)
            self._worker = self._zygote.start_worker()
        self._worker.settimeout(self._wall_limit)
        self._inbox = bytearray()
        self._answered = 0
        with suppress(OSError):  # It may have ended already; whoever waits for its outcomes will find out how.
            for batch in ahead:
                batch.send(self._worker)

    def _end_worker(self, *, kill: bool) -> int:
        """Let the worker go and return its exit code."""
        if self._worker is not None:
            self._worker.close()
            self._worker = None
        try:
            return self._zygote.end_worker(kill=kill)
        except ZygoteDied:
            return -signal.SIGKILL


class _Batch:
    """Pages on their way: those not refused are in a file, followed by the outcomes that the worker adds."""

    def __init__(self, pages: Iterable[Page], max_bytes: int, file: int) -> None:
        """Write the pages into ``file``, but those of more than ``max_bytes`` in UTF-8."""
        self.refused: list[ExtractionFailure | None] = []
        """For each page why it is not extracted, None if it is in the file."""
        self.done = 0
        """How many of the file's pages have an outcome, or failed."""
        self.file = file
        self._size = 0
        """Bytes of the pages."""
        self._taken = 0
        """Bytes of the outcomes taken."""
        for page in pages:
            html = to_utf8(page.html) if len(page.html) <= max_bytes else None
            if html is None or len(html) > max_bytes:
                self.refused.append(ExtractionFailure("PageTooLarge", f"longer than {max_bytes} bytes"))
            else:
                for part in (encode_head(html, page), html):
                    write_all(self.file, part, self._size)
                    self._size += len(part)
                self.refused.append(None)

    @property
    def size(self) -> int:
        """Bytes of the pages and of the outcomes taken."""
        return self._size + self._taken

    def send(self, worker: socket.socket) -> None:
        """Hand the file to ``worker``, which passes over the pages that are done."""
        message = BATCH.pack(self.refused.count(None), self.done, self.size)
        socket.send_fds(worker, [message], [self.file])

    def take(self, length: int) -> Outcome:
        """The next outcome, of ``length`` bytes."""
        encoded = os.pread(self.file, length, self.size)
        self._taken += length
        self.done += 1
        return decode_outcome(encoded)
