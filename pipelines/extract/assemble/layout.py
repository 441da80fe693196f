"""Pieces of Markdown with the marks and indents of the lists and quotes that they stand in."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count

from pipelines.extract.assemble.structure import LI, OL, QUOTE, Page, Place

START_NUMBER = re.compile(r"""\sstart\s*=\s*["']?(\d{1,8})(?!\d)""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines that belong together, and the list items and quotes that they stand in, the outermost first."""

    path: tuple[Place, ...]
    lists: tuple[Place, ...]
    """For each item of ``path`` its list (the item itself if it has none), for each quote the quote."""
    lines: Sequence[str]


@dataclass
class _Layout:
    page: Page
    widths: dict[int, int] = field(default_factory=dict)
    """Of the marks of items that have begun."""
    last: dict[tuple[Place, ...], tuple[int, str]] = field(default_factory=dict)
    """By what lists stand in: the last one there, and its mark. Lists that follow one another need different marks."""
    numbers: dict[int, dict[int, int]] = field(default_factory=dict)
    """Of the items of ordered lists."""


def lay_out(page: Page, pieces: Sequence[Piece]) -> Iterator[str]:
    """The lines of all pieces, a blank one between two of them unless both are items of a list."""
    layout = _Layout(page)
    before = Piece((), (), [])
    for piece in pieces:
        if not piece.path and not before.path:
            layout.last.pop((), None)
            yield from ["", *piece.lines] if before.lines else piece.lines
            before = piece
            continue
        common = 0
        while common < min(len(piece.path), len(before.path)) and piece.path[common] == before.path[common]:
            common += 1
        shared = _indent(layout, piece.path[:common])
        first, following = _marks(layout, piece)
        if before.lines and not _is_tight(piece, before, common, first):
            yield shared.rstrip()
        yield from ((first if not place else following) + line if line else following.rstrip()
                    for place, line in enumerate(piece.lines))  # fmt: skip
        before = piece


def _is_tight(piece: Piece, before: Piece, common: int, marks: str) -> bool:
    """Whether the piece begins the next item of a list, or the first item of one within the item before."""
    if common >= len(piece.path) or piece.path[common].tag != LI:
        return False
    if common < len(before.path):
        return piece.lists[common] == before.lists[common]
    # An ordered list cannot follow a line of text at once unless it begins with 1.
    mark = marks.lstrip(" >")
    return common > 0 and before.path[common - 1].tag == LI and (not mark[:1].isdigit() or mark[:2] in ("1.", "1)"))


def _indent(layout: _Layout, path: Sequence[Place]) -> str:
    return "".join("> " if place.tag == QUOTE else " " * layout.widths[place.token] for place in path)


def _marks(layout: _Layout, piece: Piece) -> tuple[str, str]:
    """What stands before the first line of a piece, and before those that follow."""
    first = following = ""
    for depth, (place, of) in enumerate(zip(piece.path, piece.lists, strict=True)):
        if place.tag == QUOTE:
            first, following = first + "> ", following + "> "
            continue
        mark = ""
        if place.token not in layout.widths:
            mark = _mark(layout, piece.path[:depth], place, of)
            layout.widths[place.token] = len(mark)
        indent = " " * layout.widths[place.token]
        first, following = first + (mark or indent), following + indent
    layout.last.pop(piece.path, None)  # What follows is no neighbour of a list that came before this.
    return first, following


def _mark(layout: _Layout, around: tuple[Place, ...], item: Place, of: Place) -> str:
    ordered = of.tag == OL
    marks = (".", ")") if ordered else ("-", "*")
    last, mark = layout.last.get(around, (of.token, marks[0]))
    if last != of.token:
        mark = marks[1] if mark == marks[0] else marks[0]
    layout.last[around] = (of.token, mark)
    return f"{_number(layout, item, of)}{mark} " if ordered else f"{mark} "


def _number(layout: _Layout, item: Place, of: Place) -> int:
    if of.token not in layout.numbers:
        start = START_NUMBER.search(layout.page.tag(of.token))
        items = layout.page.children(of.token)
        layout.numbers[of.token] = dict(zip(items, count(int(start[1]) if start else 1), strict=False))
    return layout.numbers[of.token].get(item.token, 1)
