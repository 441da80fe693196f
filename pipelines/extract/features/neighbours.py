"""Features of the blocks before and behind a block, and of the whole page."""

import math

import numpy as np
import numpy.typing as npt

from filters.kernel import leaf
from pipelines.extract.blocks.blocks import CONTAINER, COUNTED, BlockTable
from pipelines.extract.blocks.parse import Integer
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.text_measures import LINK_WORDS, WORDS
from pipelines.extract.blocks.tokens import NUMBER, Table
from pipelines.extract.features.masses import LONG_BLOCKS, LONG_WORDS, TEXT_LINKS, TEXT_WORDS, Masses

Features = npt.NDArray[np.float32]

OFFSETS = (-2, -1, 1, 2)
OF_NEIGHBOUR = ("words", "link_share", "same_tag", "is_heading")
WINDOW = 6
PAGE = ("page_words", "page_blocks", "page_link_share", "page_long_share", "page_long_blocks", "page_longest")
NAMES = (
    *(f"{name}_at_{offset}" for offset in OFFSETS for name in OF_NEIGHBOUR),
    "words_near", "link_share_near", "long_share_near",
    *PAGE,
)  # fmt: skip
H1, H6 = TAG["h1"], TAG["h6"]


@leaf
def neighbour_features(tokens: Table, blocks: BlockTable, masses: Masses, result: Features) -> None:
    """Fill ``result``, float32[blocks, len(NAMES)]."""
    count = len(blocks)
    longest = 0
    for block in range(count):
        longest = max(longest, masses[block + 1, LONG_WORDS] - masses[block, LONG_WORDS])
    total = masses[-1]
    for block in range(count):
        row = result[block]
        tag = _tag(tokens, blocks, block)
        at = 0
        for offset in OFFSETS:
            other = block + offset
            if 0 <= other < count:
                words = blocks[other, COUNTED + WORDS]
                other_tag = _tag(tokens, blocks, other)
                row[at] = math.log1p(words)
                row[at + 1] = blocks[other, COUNTED + LINK_WORDS] / max(words, 1)
                row[at + 2] = other_tag == tag
                row[at + 3] = H1 <= other_tag <= H6
            else:
                row[at], row[at + 1], row[at + 2], row[at + 3] = -1, -1, -1, -1
            at += 4
        begin, end = max(block - WINDOW, 0), min(block + WINDOW + 1, count)
        words = masses[end, TEXT_WORDS] - masses[begin, TEXT_WORDS]
        row[at] = math.log1p(words)
        row[at + 1] = (masses[end, TEXT_LINKS] - masses[begin, TEXT_LINKS]) / max(words, 1)
        row[at + 2] = (masses[end, LONG_WORDS] - masses[begin, LONG_WORDS]) / max(words, 1)
        row[at + 3] = math.log1p(total[TEXT_WORDS])
        row[at + 4] = math.log1p(count)
        row[at + 5] = total[TEXT_LINKS] / max(total[TEXT_WORDS], 1)
        row[at + 6] = total[LONG_WORDS] / max(total[TEXT_WORDS], 1)
        row[at + 7] = math.log1p(total[LONG_BLOCKS])
        row[at + 8] = math.log1p(longest)


@leaf
def _tag(tokens: Table, blocks: BlockTable, block: int) -> Integer:
    container = blocks[block, CONTAINER]
    return np.int64(tokens[container, NUMBER]) if container >= 0 else np.int64(0)
