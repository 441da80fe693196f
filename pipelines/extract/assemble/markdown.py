"""Kept blocks to Markdown: headings, nested lists, quotes, tables as rows, code verbatim in fences."""

import re
from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from pipelines.extract.assemble.inline import to_inline
from pipelines.extract.assemble.layout import Piece, lay_out
from pipelines.extract.assemble.structure import HEADINGS, LI, LISTS, PRE_TAGS, QUOTE, Page, Place
from pipelines.extract.assemble.tables import innermost_table, to_rows
from pipelines.extract.blocks.blocks import Blocks
from pipelines.extract.blocks.tokens import Tokens

LANGUAGE = re.compile(r"(?:language|lang|brush|highlight-source)[-:]\s*([\w+#.-]{1,20})")
FENCE = re.compile("`{3,}")


def to_markdown(
    tokens: Tokens, blocks: Blocks, keep: npt.NDArray[np.bool_], *, links: bool = False, emphasis: bool = False
) -> str:
    """The blocks of which ``keep`` (bool[blocks]) is true, as CommonMark with GitHub's tables.

    ``links`` keeps the targets of links, as they stand in the page, ``emphasis`` bold and italic text.
    """
    page = Page(tokens, blocks, keep, links=links, emphasis=emphasis)
    return "\n".join(lay_out(page, list(_pieces(page, np.flatnonzero(keep).tolist()))))


def _pieces(page: Page, kept: list[int]) -> Iterator[Piece]:
    position = 0
    while position < len(kept):
        path = page.path(kept[position])
        if not path:
            text = to_inline(page.runs(kept[position]))
            if text:
                yield Piece((), (), text.split("\n"))
            position += 1
            continue
        code = next((place for place in path if place.tag in PRE_TAGS), None)
        table = innermost_table(path)
        around = path if code is None else path[: path.index(code)]
        end = position + 1
        if code is not None:
            end = _end(position, kept, lambda block: code in page.path(block))  # noqa: B023 (called at once)
            yield _piece(around, _fenced(page, code.token, kept[position:end]))
        elif table is not None:
            end = _end(position, kept, lambda block: innermost_table(page.path(block)) == table)  # noqa: B023
            yield from _table(page, table, kept[position:end])
        else:
            yield from _text(page, kept[position])
        position = end


def _end(position: int, kept: list[int], belongs: Callable[[int], bool]) -> int:
    end = position + 1
    while end < len(kept) and belongs(kept[end]):
        end += 1
    return end


def _text(page: Page, block: int) -> Iterator[Piece]:
    """A paragraph, item or heading; nothing where no text is left."""
    path = page.path(block)
    text = to_inline(page.runs(block))
    level = next((HEADINGS[place.tag] for place in reversed(path) if place.tag in HEADINGS), 0)
    if level:
        line = " ".join(text.split())
        words = line.rstrip("#")  # Hashes at the end of a heading would be taken for its end.
        text = f"{'#' * level} {line if words == line else words + chr(92) + line[len(words) :]}"
    if text.strip("# "):
        yield _piece(path, text.split("\n"))


def _table(page: Page, table: int, blocks: list[int]) -> Iterator[Piece]:
    cells: dict[int, list[str]] = {}
    for block in blocks:
        text = to_inline(page.runs(block))
        cells.setdefault(page.path(block)[-1].token, []).append(text)
    rows = to_rows(page, cells)
    path = page.path(blocks[0])
    if rows is None:
        for block in blocks:
            yield from _text(page, block)
    else:
        yield _piece(path[: next(place for place, each in enumerate(path) if each.token == table)], rows)


def _fenced(page: Page, token: int, blocks: list[int]) -> list[str]:
    """A ``<pre>`` with its lines as they are; its class or its ``<code>``'s may say which language it is in."""
    text = "\n".join(map(page.text, blocks))
    lines = text.strip("\n").split("\n")
    language = LANGUAGE.search(page.tag(token)) or (page.is_element(token + 1) and LANGUAGE.search(page.tag(token + 1)))
    longest = max(map(len, FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return [fence + (language[1] if language else ""), *lines, fence]


def _piece(path: tuple[Place, ...], lines: Sequence[str]) -> Piece:
    if not path:
        return Piece((), (), lines)
    kept = [position for position, place in enumerate(path) if place.tag in (LI, QUOTE)]
    lists = (path[p - 1] if p and path[p].tag == LI and path[p - 1].tag in LISTS else path[p] for p in kept)
    return Piece(tuple(path[position] for position in kept), tuple(lists), lines)
