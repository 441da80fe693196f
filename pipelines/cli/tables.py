"""How tables are printed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

WIDTH = 118
"""Columns that a table of many numbers needs; a terminal that has fewer wraps its lines."""


def wide_console() -> "Console":
    """A console that does not squeeze a table's numbers into a narrow terminal or pipe."""
    from rich.console import Console

    console = Console(highlight=False)
    console.width = max(console.width, WIDTH)
    return console
