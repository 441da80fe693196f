"""Segments on this machine's disk: a line is written at once, and `sync` waits until all are on the disk."""

import os
from collections.abc import Iterator
from pathlib import Path

from datagen.journal.lock import tell_left, use
from datagen.journal.segment import SUFFIX, Place, read_segment, segments
from schemas.generation.response import Outcome


class LocalSegments:
    """All segments of a folder, and one more for what is added."""

    def __init__(self, folder: Path, *, read_only: bool) -> None:
        """Raises JournalError: another run has the folder, or nothing can be written there."""
        self._folder = folder
        self._user = None if read_only else use(folder)
        self._paths: list[Path] = []
        self._readers: dict[int, int] = {}
        self._writer: int | None = None
        self._written = 0

    def read(self) -> Iterator[tuple[Place, Outcome]]:
        """Everything that is there, oldest first."""
        for path in segments(self._folder):
            self._paths.append(path)
            for offset, length, outcome in read_segment(path):
                yield Place(len(self._paths) - 1, offset, length), outcome

    def get(self, place: Place) -> bytes:
        """The line at a place."""
        if place.segment not in self._readers:
            self._readers[place.segment] = os.open(self._paths[place.segment], os.O_RDONLY)
        return os.pread(self._readers[place.segment], place.length, place.offset)

    def append(self, line: bytes) -> Place:
        """Hand a line to the system, which keeps it though the process be killed. Raises OSError."""
        if self._writer is None:
            self._writer, path = _create(self._folder)
            self._paths.append(path)
            self._own = len(self._paths) - 1
        place = Place(self._own, self._written, len(line))
        view = memoryview(line)
        while view:
            view = view[os.write(self._writer, view) :]
        self._written += len(line)
        return place

    def sync(self) -> None:
        """Wait until all lines are on the disk, which keeps them though the machine fail. Raises OSError."""
        if self._writer is not None:
            os.fsync(self._writer)

    def tell_left(self, left: int) -> None:
        """Let the next run know how many more lines will come; it waits for them. Raises OSError."""
        tell_left(self._folder, left)

    def close(self) -> None:
        """Close the files."""
        for descriptor in (*self._readers.values(), self._writer, self._user):
            if descriptor is not None:
                os.close(descriptor)
        self._readers, self._writer, self._user = {}, None, None


def _create(folder: Path) -> tuple[int, Path]:
    """A new segment, whose name is on disk too; another process may be making one, too. Raises OSError."""
    while True:
        numbers = [int(path.stem) for path in segments(folder) if path.stem.isdigit()]
        path = folder / f"{max(numbers, default=-1) + 1:06d}{SUFFIX}"
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except FileExistsError:
            continue
        parent = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(parent)
        finally:
            os.close(parent)
        return descriptor, path
