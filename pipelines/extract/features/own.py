"""Features of a block's own text, and of what it stands in."""

import math

import numpy as np
import numpy.typing as npt

from filters.kernel import leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.blocks import CONTAINER, COUNTED, INSIDE, BlockTable
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.text_measures import (
    CAPITALS,
    CHARACTERS,
    COMMAS,
    DIGITS,
    LINK_CHARACTERS,
    STOPS,
    STRONG_CHARACTERS,
    WORDS,
)
from pipelines.extract.blocks.tokens import NUMBER, Table

Features = npt.NDArray[np.float32]

STATES = {
    "hidden": tags.HIDDEN, "noscript": tags.NOSCRIPT, "navigation": tags.NAVIGATION, "header": tags.HEADER,
    "footer": tags.FOOTER, "aside": tags.ASIDE, "form": tags.FORM, "table": tags.TABLE, "list": tags.LIST,
    "heading": tags.HEADING, "figure": tags.FIGURE, "article": tags.ARTICLE, "main": tags.MAIN, "quote": tags.QUOTE,
    "preformatted": tags.PREFORMATTED, "button": tags.BUTTON, "time": tags.TIME, "definition": tags.DEFINITION,
    "section": tags.SECTION, "code": tags.CODE, "starts_with_link": tags.LINK,
}  # fmt: skip
STATE_BITS = np.array(list(STATES.values()), np.int32)
KINDS = ("p", "li", "div", "td", "h1", "h2", "h3", "h4", "dd")
KIND_TAGS = np.array([TAG[name] for name in KINDS], np.int32)

NAMES = (
    "words", "characters", "link_share", "stops", "stops_per_word", "commas_per_word", "digit_share", "capital_share",
    "strong_share", "word_length",
    *(f"in_{name}" for name in STATES),
    *(f"is_{name}" for name in KINDS),
)  # fmt: skip


@leaf
def own_features(tokens: Table, blocks: BlockTable, result: Features) -> None:
    """Fill ``result``, float32[blocks, len(NAMES)]."""
    for block in range(len(blocks)):
        counts = blocks[block, COUNTED:]
        row = result[block]
        words, characters = max(counts[WORDS], 1), max(counts[CHARACTERS], 1)
        row[0] = math.log1p(counts[WORDS])
        row[1] = math.log1p(counts[CHARACTERS])
        row[2] = counts[LINK_CHARACTERS] / characters
        row[3] = math.log1p(counts[STOPS])
        row[4] = counts[STOPS] / words
        row[5] = counts[COMMAS] / words
        row[6] = counts[DIGITS] / characters
        row[7] = counts[CAPITALS] / characters
        row[8] = counts[STRONG_CHARACTERS] / characters
        row[9] = characters / words
        at = 10
        for bit in range(len(STATE_BITS)):
            row[at + bit] = blocks[block, INSIDE] & STATE_BITS[bit] != 0
        at += len(STATE_BITS)
        container = blocks[block, CONTAINER]
        tag = tokens[container, NUMBER] if container >= 0 else 0
        for kind in range(len(KIND_TAGS)):
            row[at + kind] = tag == KIND_TAGS[kind]
