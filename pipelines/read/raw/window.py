"""Looking ahead in a stream of decompressed bytes without holding all of it."""

import re
from collections.abc import Callable


class Broken(Exception):
    """Bytes that cannot be decompressed. ``error_class`` is the stable name that dead letters carry."""

    def __init__(self, error_class: str, message: str) -> None:
        super().__init__(message)
        self.error_class = error_class
        self.message = message


class Window:
    """The bytes of a stream from ``position`` on, as far as somebody asked to look.

    A stream that breaks ends there: ``broken`` then says why. Memory: what was asked for at most, and one chunk.
    """

    def __init__(self, read: Callable[[int], bytes], chunk_bytes: int = 1 << 16) -> None:
        """``read(n)`` gives 1 to ``n`` bytes, none at the end, and raises Broken."""
        self._read = read
        self._chunk_bytes = chunk_bytes
        self._buffer = bytearray()
        self._ended = False
        self.position = 0
        """Offset of the first byte of the window in the stream."""
        self.broken: Broken | None = None

    def fill(self, size: int) -> int:
        """Look ahead by at least ``size`` bytes; returns how many there are, fewer only at the end."""
        while len(self._buffer) < size and not self._ended:
            try:
                chunk = self._read(self._chunk_bytes)
            except Broken as broken:
                self.broken, chunk = broken, b""
            self._buffer += chunk
            self._ended = not chunk
        return len(self._buffer)

    def at_end(self) -> bool:
        """Whether no byte is left."""
        return self.fill(1) == 0

    def peek(self, start: int, end: int) -> bytes:
        """The bytes from ``start`` to ``end``, counted from the window's position; fewer at the end of the stream."""
        self.fill(end)
        return bytes(memoryview(self._buffer)[start:end])

    def find(self, pattern: bytes, limit: int) -> int | None:
        """Where ``pattern`` begins, counted from the window's position, if it ends within ``limit`` bytes."""
        searched = 0
        while True:
            found = self._buffer.find(pattern, max(0, searched - len(pattern)), limit)
            if found >= 0:
                return found
            searched = len(self._buffer)
            if searched >= limit or self.fill(searched + 1) == searched:
                return None

    def skip(self, size: int) -> None:
        """Move on by ``size`` bytes, or to the end of the window."""
        size = min(size, len(self._buffer))
        del self._buffer[:size]
        self.position += size

    def skip_to(self, pattern: re.Pattern[bytes], longest: int) -> None:
        """Move on to the next match of ``pattern``, at most ``longest`` bytes long, or to the end."""
        while True:
            match = pattern.search(self._buffer)
            if match:
                return self.skip(match.start())
            self.skip(max(0, len(self._buffer) - longest))
            known = len(self._buffer)
            if self.fill(known + 1) == known:
                return self.skip(known)

    def skip_past(self, pattern: bytes) -> None:
        """Move on to right after the next ``pattern``, or to the end."""
        self.skip_to(re.compile(re.escape(pattern)), len(pattern))
        self.skip(len(pattern))
