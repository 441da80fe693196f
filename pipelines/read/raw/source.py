"""An input file opened for reading, whose digest is computed as its bytes pass."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import fsspec
import xxhash

from pipelines.read.files import InputFile

CHUNK_BYTES = 1 << 20
"""How much is asked of the filesystem at once."""


class Source:
    """Buffered bytes of a file, with a cheap way back: readers that hit broken bytes return and look for sound ones.

    The digest takes every byte once, in order, however the readers jump.
    """

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        """The file itself, for libraries that read it their own way."""
        self._buffer = b""
        self._buffer_offset = 0
        self._digest = xxhash.xxh3_128()
        self._digested = 0
        self.position = 0
        """Offset of the next byte, from the start of the file."""

    def read(self, size: int) -> bytes:
        """The next bytes: at most ``size``, at least one, none at the end of the file."""
        start = self.position - self._buffer_offset
        if start >= len(self._buffer):
            self._load()
            start = 0
        data = self._buffer[start : start + size]
        self.position += len(data)
        return data

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer at the end of the file, without moving on."""
        position, data = self.position, b""
        while len(data) < size and (more := self.read(size - len(data))):
            data += more
        self.seek(position)
        return data

    def seek(self, position: int) -> None:
        """Go on at ``position``."""
        if not self._buffer_offset <= position <= self._buffer_offset + len(self._buffer):
            self._buffer, self._buffer_offset = b"", position
        self.position = position

    def find(self, pattern: bytes, start: int) -> int | None:
        """Offset of the first ``pattern`` at or after ``start``, None if there is none; reads on as far as needed."""
        self.seek(start)
        tail = b""
        while data := self.read(CHUNK_BYTES):
            window = tail + data
            found = window.find(pattern)
            if found >= 0:
                return self.position - len(window) + found
            tail = window[-(len(pattern) - 1) :]
        return None

    def hexdigest(self) -> str:
        """Hex of xxh3-128 over the whole file; reads what has not been read in order (all of it, for Parquet)."""
        self.seek(self._digested)
        while self.read(CHUNK_BYTES):
            pass
        return self._digest.hexdigest()

    def _load(self) -> None:
        """Replace the buffer by the bytes at ``position``."""
        self.file.seek(self.position)
        self._buffer, self._buffer_offset = self.file.read(CHUNK_BYTES), self.position
        end = self._buffer_offset + len(self._buffer)
        if self._buffer_offset <= self._digested < end:
            self._digest.update(memoryview(self._buffer)[self._digested - self._buffer_offset :])
            self._digested = end


@contextmanager
def open_input(file: InputFile) -> Iterator[Source]:
    """The bytes of an input file, as they are stored. OSError of the store is raised: it is no fault of the data."""
    with fsspec.open(file.uri, "rb", compression=None) as opened:
        yield Source(opened)  # pyright: ignore[reportArgumentType]
