"""Segments: files of JSON lines, an outcome each. One process writes a segment; nobody ever changes it again."""

from collections.abc import Iterable, Iterator
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


def read_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, int, Outcome]]:
    """Offset, length and outcome of every whole line. Memory: one line."""
    offset = 0
    for line in lines:
        outcome = decode(line) if line.endswith(b"\n") else None
        if outcome is not None:
            yield offset, len(line), outcome
        offset += len(line)


def read_segment(path: Path) -> Iterator[tuple[int, int, Outcome]]:
    """The same of a file."""
    with path.open("rb") as file:
        yield from read_lines(file)


def segments(folder: Path) -> list[Path]:
    """The segments of a journal, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))
