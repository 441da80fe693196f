"""Segments on an object store, where nothing can be added to a file: an object for the lines of every `sync`."""

import io
import threading
import uuid
from collections.abc import Iterator

import fsspec

from datagen.journal.segment import SUFFIX, Place, read_lines
from pipelines.engine.outputs.files import join
from schemas.generation.response import Outcome

READ_AT_ONCE = 256


class ObjectSegments:
    """All segments of a folder. An object store has no locks: two runs in one folder at once would pay twice."""

    def __init__(self, folder: str) -> None:
        self._filesystem, self._folder = fsspec.core.url_to_fs(folder)
        self._names: list[str] = []
        self._pending: list[bytes] = []
        self._pending_bytes = 0
        self._unwritten: dict[int, bytes] = {}
        self._lock = threading.Lock()
        self._prefix = uuid.uuid4().hex  # several processes write at once

    def read(self) -> Iterator[tuple[Place, Outcome]]:
        """Everything that is there."""
        if not self._filesystem.exists(self._folder):
            return
        listed = [str(name) for name in self._filesystem.ls(self._folder, detail=False)]
        names = sorted(name for name in listed if name.endswith(SUFFIX))
        for start in range(0, len(names), READ_AT_ONCE):
            contents = self._filesystem.cat(names[start : start + READ_AT_ONCE])
            for name in names[start : start + READ_AT_ONCE]:
                self._names.append(name)
                for offset, length, outcome in read_lines(io.BytesIO(contents[name])):
                    yield Place(len(self._names) - 1, offset, length), outcome

    def get(self, place: Place) -> bytes:
        """The line at a place."""
        end = place.offset + place.length
        if place.segment == len(self._names):
            return b"".join(self._pending)[place.offset : end]
        if place.segment in self._unwritten:
            return self._unwritten[place.segment][place.offset : end]
        return self._filesystem.cat_file(self._names[place.segment], start=place.offset, end=end)

    def append(self, line: bytes) -> Place:
        """Keep a line for the next `sync`."""
        with self._lock:
            place = Place(len(self._names), self._pending_bytes, len(line))
            self._pending.append(line)
            self._pending_bytes += len(line)
        return place

    def sync(self) -> None:
        """Write the lines that wait as an object. Raises OSError."""
        with self._lock:
            if not self._pending:
                return
            number = len(self._names)
            self._unwritten[number] = b"".join(self._pending)
            self._pending, self._pending_bytes = [], 0
            self._names.append(join(self._folder, f"{self._prefix}-{number:08d}{SUFFIX}"))
        self._filesystem.makedirs(self._folder, exist_ok=True)
        self._filesystem.pipe_file(self._names[number], self._unwritten[number])
        del self._unwritten[number]

    def tell_left(self, left: int) -> None:
        """Nobody waits, since there are no locks."""

    def close(self) -> None:
        """Nothing is open."""
