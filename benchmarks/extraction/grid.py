"""A table as it stands in a report (Markdown) and on a terminal."""

import re
from typing import NamedTuple

from rich.table import Table
from rich.text import Text

BOLD = re.compile(r"\*\*(.+)\*\*")
NUMBER = re.compile(r"(\*\*)?[-+]?[\d.,]*\d%?(\*\*)?|-|")


class Grid(NamedTuple):
    """A table; a cell that stands between ``**`` is bold."""

    title: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]]


def right(grid: Grid) -> list[bool]:
    """The columns of numbers alone: they are aligned to the right."""
    columns = zip(*grid.rows, strict=True) if grid.rows else [("text",)] * len(grid.head)
    return [all(NUMBER.fullmatch(cell) for cell in column) for column in columns]


def as_table(grid: Grid) -> Table:
    """For a terminal."""
    table = Table(title=grid.title, title_justify="left")
    for name, is_right in zip(grid.head, right(grid), strict=True):
        table.add_column(Text(name), justify="right" if is_right else "left", no_wrap=is_right, overflow="fold")
    for row in grid.rows:
        table.add_row(*(_text(cell) for cell in row))
    return table


def _text(cell: str) -> Text:
    bold = BOLD.fullmatch(cell)
    return Text(bold[1], "bold") if bold else Text(cell)


def as_markdown(grid: Grid) -> str:
    """For a report, without the title."""
    rule = ["---:" if is_right else "---" for is_right in right(grid)]
    lines = [grid.head, rule, *grid.rows]
    return "\n".join(f"| {' | '.join(_escape(cell) for cell in line)} |" for line in lines)


def _escape(cell: str) -> str:
    """No cell ends a line, a cell or begins a tag."""
    return " ".join(cell.split()).replace("|", "\\|").replace("<", "&lt;")
