"""A broken contract: the first place in a file where it shows."""

from dataclasses import dataclass

MAX_SHOWN = 80


@dataclass(frozen=True)
class Violation:
    """What is wrong with a file; places that make no sense for it are None."""

    file: str
    message: str
    row_group: int | None = None
    """Counted from 0."""
    row: int | None = None
    """Counted from 0 within the file; the line of a text file is one more."""
    column: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        places = {"row group": self.row_group, "row": self.row, "column": self.column, "value": self.value}
        place = ", ".join(f"{name} {where}" for name, where in places.items() if where is not None)
        return f"{self.file}: {place}: {self.message}" if place else f"{self.file}: {self.message}"


class ViolationError(Exception):
    """Ends the reading of a file at its first violation."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


def show(value: object) -> str:
    """A value as an error shows it: cut off where it is long."""
    text = repr(value)
    return text if len(text) <= MAX_SHOWN else f"{text[: MAX_SHOWN - 3]}..."
