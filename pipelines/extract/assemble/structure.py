"""What each block of a page stands in: lists, quotes, tables, headings, code; the outermost element first."""

import html
import re
from collections.abc import Mapping
from typing import NamedTuple

from pipelines.extract.assemble.inline import Run
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import BEHIND, CONTAINER, FIRST, Blocks
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.tokens import END, NUMBER, OPEN, PARENT, START, TEXT, Tokens

LISTS = frozenset(TAG[name] for name in ("ul", "ol", "menu", "dir"))
CELLS = frozenset((TAG["td"], TAG["th"]))
HEADINGS: Mapping[int, int] = {TAG[f"h{level}"]: level for level in range(1, 7)}
LI, OL, QUOTE, TABLE, TR = (TAG[name] for name in ("li", "ol", "blockquote", "table", "tr"))
PRE_TAGS = frozenset((TAG["pre"], TAG["listing"], TAG["xmp"]))
STRUCTURAL = LISTS | CELLS | frozenset(HEADINGS) | {LI, QUOTE, TABLE, TR} | PRE_TAGS
BR, A = TAG["br"], TAG["a"]
STRONG = frozenset((TAG["b"], TAG["strong"]))
EMPHASIS = frozenset((TAG["i"], TAG["em"]))
CODE = frozenset(TAG[name] for name in ("code", "kbd", "samp", "tt"))
HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
MOST_INLINE = 64
"""Elements around a text that are looked at."""


class Place(NamedTuple):
    """An element that gives structure."""

    token: int
    tag: int


class Page:
    """A page's tokens as they are asked for block by block."""

    def __init__(self, tokens: Tokens, blocks: Blocks) -> None:
        self.tokens = tokens
        self.blocks = blocks
        self._parents: list[int] = tokens.table[:, PARENT].tolist()
        self._tags: list[int] = tokens.table[:, NUMBER].tolist()
        self._paths: dict[int, tuple[Place, ...]] = {-1: ()}
        self._source = tokens.source

    def path(self, block: int) -> tuple[Place, ...]:
        """The structural elements around a block, the outermost first."""
        token = int(self.blocks.table[block, CONTAINER])
        unknown: list[int] = []
        while token not in self._paths:
            unknown.append(token)
            token = self._parents[token]
        for token in reversed(unknown):
            above, tag = self._paths[self._parents[token]], self._tags[token]
            self._paths[token] = (*above, Place(token, tag)) if tag in STRUCTURAL else above
        return self._paths[token]

    def slice(self, start: int, end: int) -> str:
        """A part of the page, entities as characters."""
        text = self._source[start:end].tobytes().decode("utf-8", "replace")
        return (html.unescape(text) if "&" in text else text).replace("\xa0", " ")

    def tag(self, token: int) -> str:
        """An element's start tag as it stands there."""
        start, end = self.tokens.table[token, START : END + 1].tolist()
        return self._source[start:end].tobytes().decode("utf-8", "replace")

    def runs(self, block: int, *, links: bool, emphasis: bool) -> list[Run]:
        """A block's text by what it stands in; ``<br>`` are line feeds."""
        first, behind = self.blocks.table[block, FIRST : BEHIND + 1].tolist()
        runs: list[Run] = []
        of_token = self.blocks.of_token[first:behind].tolist()
        for place, (kind, number, start, end, parent, _, states, _) in enumerate(
            self.tokens.table[first:behind].tolist()
        ):
            if kind == OPEN and number == BR:
                runs.append(Run("\n"))
            if kind != TEXT or of_token[place] != block:
                continue
            text = self.slice(start, end)
            if not states & tags.PREFORMATTED:
                text = " ".join(text.split())
            run = self._run(text, parent, states, links=links, emphasis=emphasis)
            if states & tags.SPACE and runs:
                runs.append(_space_between(runs[-1], run))
            runs.append(run)
        return runs

    def _run(self, text: str, parent: int, states: int, *, links: bool, emphasis: bool) -> Run:
        around: list[int] = []
        if states & (tags.CODE | tags.EMPHASIS | tags.LINK):
            while parent >= 0 and len(around) < MOST_INLINE:
                around.append(parent)
                parent = self._parents[parent]
        within = {self._tags[token] for token in around}
        target = ""
        if links and states & tags.LINK:
            link = next((token for token in around if self._tags[token] == A), None)
            found = HREF.search(self.tag(link)) if link is not None else None
            target = html.unescape("".join(filter(None, found.groups()))).strip() if found else ""
        return Run(
            text,
            code=bool(within & CODE),
            strong=emphasis and bool(within & STRONG),
            emphasis=emphasis and bool(within & EMPHASIS),
            link="" if target.lower().startswith("javascript:") else target,
        )


def _space_between(before: Run, after: Run) -> Run:
    """A space, in all that both runs stand in."""
    return Run(
        " ",
        code=before.code and after.code,
        strong=before.strong and after.strong,
        emphasis=before.emphasis and after.emphasis,
        link=before.link if before.link == after.link else "",
    )
