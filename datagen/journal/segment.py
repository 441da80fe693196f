"""Segments: files of JSON lines, an outcome each. One process writes a segment; nobody ever changes it again."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from schemas.generation.response import GenFailure, GenResponse, Outcome

SUFFIX = ".jsonl"
_OUTCOME: TypeAdapter[Outcome] = TypeAdapter(GenResponse | GenFailure)


@dataclass(frozen=True, slots=True)
class Place:
    """Where an outcome stands."""

    segment: int
    """Position among the segments."""
    offset: int
    length: int


def encode(outcome: Outcome) -> bytes:
    """An outcome as a line."""
    return outcome.model_dump_json().encode() + b"\n"


def decode(line: bytes) -> Outcome | None:
    """The outcome in a line; None for a line that was cut when its process was killed."""
    try:
        return _OUTCOME.validate_json(line)
    except ValidationError:
        return None


def read_segment(path: Path) -> Iterator[tuple[int, int, Outcome]]:
    """Offset, length and outcome of every whole line. Memory: one line."""
    offset = 0
    with path.open("rb") as file:
        for line in file:
            outcome = decode(line) if line.endswith(b"\n") else None
            if outcome is not None:
                yield offset, len(line), outcome
            offset += len(line)


def segments(folder: Path) -> list[Path]:
    """The segments of a journal, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


def next_segment(folder: Path) -> Path:
    """The name of a new one."""
    names = [int(path.stem) for path in segments(folder) if path.stem.isdigit()]
    return folder / f"{max(names, default=-1) + 1:06d}{SUFFIX}"


def write_through(descriptor: int, data: bytes) -> None:
    """Write all of it and wait until it is on disk. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
    os.fsync(descriptor)


def create(path: Path) -> int:
    """A descriptor of a new segment, whose name is on disk too. Raises OSError."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
    return descriptor
