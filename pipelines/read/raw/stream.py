"""A file's decompressed bytes as a Python stream, for whatever reads lines.

Python's own streams differ in what a file that breaks off is: gzip raises two kinds of errors, zstd takes it for whole.
"""

import io
from typing import IO

from pipelines.read.raw.compression import decompressed
from pipelines.read.raw.source import Source

BUFFER_BYTES = 1 << 20


def decompressed_stream(file: IO[bytes], name: str, max_ratio: float) -> io.BufferedReader:
    """Reads a file, whatever its compression; all that comes before a break can be read.

    Then reading raises Broken: the file is cut off, damaged, or grows more than ``max_ratio`` times.
    """
    return io.BufferedReader(_Decompressed(file, name, max_ratio), BUFFER_BYTES)


class _Decompressed(io.RawIOBase):
    def __init__(self, file: IO[bytes], name: str, max_ratio: float) -> None:
        self._read = decompressed(Source(file), name, max_ratio)
        self._left = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        """As many bytes as fit and are at hand; none at the end."""
        if not self._left:
            self._left = memoryview(self._read(len(buffer)))
        size = min(len(buffer), len(self._left))
        buffer[:size] = self._left[:size]
        self._left = self._left[size:]
        return size
