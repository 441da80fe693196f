"""Tables of data as Markdown's (https://github.github.com/gfm/#tables-extension-), but not those that only lay out."""

from collections.abc import Sequence

from pipelines.extract.assemble.structure import CELLS, TABLE, TR, Page, Place
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.tokens import NUMBER, PARENT

TH = TAG["th"]
LONGEST_CELL = 400
"""Characters of a cell, beyond which the table is taken for a layout."""
MOST_PARAGRAPHS = 4
"""Of a cell."""


def innermost_table(path: Sequence[Place]) -> int | None:
    """The token of the table around a block, None where there is none or where more than cells is around it there."""
    for position in range(len(path) - 1, -1, -1):
        if path[position].tag == TABLE:
            inside = [place.tag for place in path[position + 1 :]]
            return path[position].token if len(inside) == 2 and inside[0] == TR and inside[1] in CELLS else None
    return None


def to_rows(page: Page, cells: dict[int, list[str]]) -> list[str] | None:
    """Lines of a table, from the texts of its ``cells`` (by their tokens); None if it is a layout.

    Rows of which nothing is left are left out; other cells without text stay, so that columns keep their places. Rows
    end with their own last cell, as Markdown allows: filled up to the widest one, a page of 80 kB could make 100 MB.
    """
    texts = [" ".join(parts) for parts in cells.values()]
    if max(map(len, texts)) > LONGEST_CELL or max(map(len, cells.values())) > MOST_PARAGRAPHS:
        return None
    parents = page.tokens.table[list(cells), PARENT].tolist()
    rows = [page.children(row) for row in dict.fromkeys(parents)]
    width = max(map(len, rows))
    if width < 2 or len(rows) < 2:
        return None
    filled = sum(sum(cell in cells for cell in row) > 1 for row in rows)
    has_header = any(page.tokens.table[cell, NUMBER] == TH for row in rows for cell in row)
    if 2 * filled < len(rows) and not has_header:
        return None
    first, *others = ([" ".join(cells.get(cell, [])) for cell in row] for row in rows)
    header = first + [""] * (width - len(first))
    return [_line(header), _line(["---"] * width), *map(_line, others)]


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(" ".join(cell.split()).replace("|", "\\|") for cell in cells) + " |"
