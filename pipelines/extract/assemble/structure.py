"""What each block of a page stands in: lists, quotes, tables, headings, code; the outermost element first."""

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from pipelines.extract.assemble.block_bytes import Keep, characters, write_blocks
from pipelines.extract.assemble.inline import Run
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import BEHIND, CONTAINER, FIRST, Blocks
from pipelines.extract.blocks.characters import unescape
from pipelines.extract.blocks.tags import NAMES, TAG
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, OPEN, PARENT, START, TEXT, Tokens

LISTS = frozenset(TAG[name] for name in ("ul", "ol", "menu", "dir"))
CELLS = frozenset((TAG["td"], TAG["th"]))
HEADINGS: Mapping[int, int] = {TAG[f"h{level}"]: level for level in range(1, 7)}
LI, OL, QUOTE, TABLE, TR = (TAG[name] for name in ("li", "ol", "blockquote", "table", "tr"))
PRE_TAGS = frozenset((TAG["pre"], TAG["listing"], TAG["xmp"]))
STRUCTURAL = LISTS | CELLS | frozenset(HEADINGS) | {LI, QUOTE, TABLE, TR} | PRE_TAGS
IS_CHILD = np.isin(np.arange(len(NAMES)), [LI, *CELLS])
BR, A = TAG["br"], TAG["a"]
STRONG = frozenset((TAG["b"], TAG["strong"]))
EMPHASIS = frozenset((TAG["i"], TAG["em"]))
CODE = frozenset(TAG[name] for name in ("code", "kbd", "samp", "tt"))
HREF = re.compile(r"""\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
DEEPEST = 48
"""Levels of structure that are told apart: about 20 of lists. What is deeper only exists to cost memory."""
LONGEST_TARGET = 2_000
"""Characters of a link's address; longer ones are data."""
MOST_INLINE = 64
"""Elements around a text that are looked at."""


class Place(NamedTuple):
    """An element that gives structure."""

    token: int
    tag: int


class Page:
    """A page's tokens as they are asked for block by block."""

    def __init__(self, tokens: Tokens, blocks: Blocks, keep: Keep, *, links: bool, emphasis: bool) -> None:
        """Of the blocks of which ``keep`` (bool[blocks]) is true; ``links`` and ``emphasis`` say what runs show."""
        self.tokens = tokens
        self.blocks = blocks
        self._links, self._emphasis = links, emphasis
        shown = tags.CODE | (tags.LINK if links else 0) | (tags.EMPHASIS if emphasis else 0)
        written = write_blocks(tokens.source, tokens.table, blocks.table, blocks.of_token, keep, shown)
        self._text = written[0].tobytes()
        self._places = dict(zip(np.flatnonzero(keep).tolist(), written[1].tolist(), strict=True))
        self._containers: list[int] = blocks.table[:, CONTAINER].tolist()
        self._parents: list[int] = tokens.table[:, PARENT].tolist()
        self._tags: list[int] = tokens.table[:, NUMBER].tolist()
        self._paths: dict[int, tuple[Place, ...]] = {-1: ()}
        self._source = tokens.source
        self._children: dict[int, list[int]] | None = None
        self._targets: dict[int, str] = {}

    def path(self, block: int) -> tuple[Place, ...]:
        """The structural elements around a block, the outermost first."""
        token = self._containers[block]
        if token in self._paths:
            return self._paths[token]
        unknown: list[int] = []
        while token not in self._paths:
            unknown.append(token)
            token = self._parents[token]
        for token in reversed(unknown):
            above, tag = self._paths[self._parents[token]], self._tags[token]
            adds = tag in STRUCTURAL and len(above) < DEEPEST
            self._paths[token] = (*above, Place(token, tag)) if adds else above
        return self._paths[token]

    def children(self, parent: int) -> list[int]:
        """The tokens of list items and table cells whose parent is this one, in their order."""
        if self._children is None:
            table = self.tokens.table
            found = np.flatnonzero((table[:, KIND] == OPEN) & IS_CHILD[table[:, NUMBER]])
            self._children = {}
            for child, above in zip(found.tolist(), table[found, PARENT].tolist(), strict=True):
                self._children.setdefault(above, []).append(child)
        return self._children.get(parent, [])

    def slice(self, start: int, end: int) -> str:
        """A part of the page, entities as characters."""
        return characters(self._source[start:end].tobytes())

    def is_element(self, token: int) -> bool:
        """Whether a token begins an element."""
        return bool(self.tokens.table[token, KIND] == OPEN)

    def tag(self, token: int) -> str:
        """An element's start tag as it stands there."""
        start, end = self.tokens.table[token, START : END + 1].tolist()
        return self._source[start:end].tobytes().decode("utf-8", "replace")

    def text(self, block: int) -> str:
        """A kept block's text without what it stands in; ``<br>`` are line feeds, in ``<pre>`` those of the source."""
        start, end, _ = self._places[block]
        return characters(self._text[start:end])

    def runs(self, block: int) -> list[Run]:
        """A kept block's text by what it stands in."""
        if not self._places[block][2]:
            return [Run(self.text(block))]
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
            run = self._run(text, parent, states)
            if states & tags.SPACE and runs:
                runs.append(_space_between(runs[-1], run))
            runs.append(run)
        return runs

    def _run(self, text: str, parent: int, states: int) -> Run:
        around: list[int] = []
        if states & (tags.CODE | tags.EMPHASIS | tags.LINK):
            while parent >= 0 and len(around) < MOST_INLINE:
                around.append(parent)
                parent = self._parents[parent]
        within = {self._tags[token] for token in around}
        target = ""
        if self._links and states & tags.LINK:
            link = next((token for token in around if self._tags[token] == A), None)
            target = self._target(link) if link is not None else ""
        return Run(
            text,
            code=bool(within & CODE),
            strong=self._emphasis and bool(within & STRONG),
            emphasis=self._emphasis and bool(within & EMPHASIS),
            link=target,
        )

    def _target(self, link: int) -> str:
        """Where a link leads; empty where that is no address."""
        if link not in self._targets:
            found = HREF.search(self.tag(link))
            target = unescape("".join(filter(None, found.groups()))).strip() if found else ""
            is_address = len(target) <= LONGEST_TARGET and not target.lower().startswith("javascript:")
            self._targets[link] = target if is_address else ""
        return self._targets[link]


def _space_between(before: Run, after: Run) -> Run:
    """A space, in all that both runs stand in."""
    return Run(
        " ",
        code=before.code and after.code,
        strong=before.strong and after.strong,
        emphasis=before.emphasis and after.emphasis,
        link=before.link if before.link == after.link else "",
    )
