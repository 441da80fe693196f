"""Results that outlive the run: JSON lines that grow, so that what was stopped goes on where it was."""

import json
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


class StoreError(ValueError):
    """A file that holds something else than results; names it, and the way out."""


class Store(Generic[T]):
    """Values by key. With a path, what its file has is known from the start, and each new value is added at once.

    A last line that was cut off, as by ``kill -9``, is removed: its value is made anew.
    """

    def __init__(self, kind: type[T], path: Path | None = None) -> None:
        self._adapter = TypeAdapter(kind)
        self._values: dict[str, T] = {}
        self._file = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = self._read(path)
            self._file = path.open("ab")
            self._file.truncate(whole)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._file:
            self._file.close()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def __getitem__(self, key: str) -> T:
        return self._values[key]

    def put(self, key: str, value: T) -> None:
        """Keep a value, also for the next run."""
        self._values[key] = value
        if self._file:
            self._file.write(json.dumps([key, self._adapter.dump_python(value, mode="json")]).encode() + b"\n")
            self._file.flush()

    def remember(self, key: str, make: Callable[[], T]) -> T:
        """The value of the key; made if there is none."""
        if key not in self._values:
            self.put(key, make())
        return self._values[key]

    def _read(self, path: Path) -> int:
        """The bytes of the file's whole lines."""
        data = path.read_bytes() if path.exists() else b""
        whole = data.rfind(b"\n") + 1
        for number, line in enumerate(data[:whole].split(b"\n")[:-1], 1):
            try:
                key, value = json.loads(line)
                self._values[key] = self._adapter.validate_python(value)
            except (ValueError, TypeError, ValidationError) as error:
                raise StoreError(f"{path}:{number}: no result of this benchmark ({error}); delete the file") from error
        return whole
