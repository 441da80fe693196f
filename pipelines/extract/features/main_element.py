"""Features of a block's place relative to the elements that hold most of the page's text."""

import math

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel, leaf
from pipelines.extract.blocks.blocks import CONTAINER, BlockTable
from pipelines.extract.blocks.tags import TAG
from pipelines.extract.blocks.tokens import KIND, NUMBER, OPEN, PARENT, Table
from pipelines.extract.features.masses import LONG_WORDS, Masses, Places

Features = npt.NDArray[np.float32]

SHARES = (0.85, 0.6, 0.35)
"""Of the words of long text that an element must hold to be a main element; the smallest such element is."""
MAINS = len(SHARES) + 1
"""The last is the element whose direct parts have most long text."""
OF_MAIN = ("inside", "up", "down", "before", "after", "link_share", "size")
NAMES = (
    *(f"main{number}_{name}" for number in range(MAINS) for name in OF_MAIN),
    "from_h1", "from_heading", "position", "position_in_words",
)  # fmt: skip
H1, H6 = TAG["h1"], TAG["h6"]


@kernel
def main_features(
    tokens: Table, blocks: BlockTable, masses: Masses, ranges: tuple[Places, Places, Places], result: Features
) -> None:
    """Fill ``result``, float32[blocks, len(NAMES)]."""
    for number in range(MAINS):
        main = (
            _main_element(tokens, masses, ranges, SHARES[number])
            if number < len(SHARES)
            else _best_parent(tokens, blocks, masses)
        )
        _distances(tokens, blocks, masses, ranges, main, result[:, number * len(OF_MAIN) :])
    _places(tokens, blocks, masses, result[:, MAINS * len(OF_MAIN) :])


@leaf
def _distances(  # noqa: PLR0917
    tokens: Table,
    blocks: BlockTable,
    masses: Masses,
    ranges: tuple[Places, Places, Places],
    main: int,
    result: Features,
) -> None:
    """Fill the columns of one main element, an OPEN token; -1: the page."""
    first, behind, depth = ranges
    begin, end = (int(first[main]), int(behind[main])) if main >= 0 else (0, len(blocks))
    level = depth[main] if main >= 0 else 0
    words = masses[end, 0] - masses[begin, 0]
    links = masses[end, 1] - masses[begin, 1]
    last, up = np.int32(-2), 0
    for block in range(len(blocks)):
        row = result[block]
        container = blocks[block, CONTAINER]
        inside = begin <= block < end
        if container != last:
            last = container
            element = container
            while element >= 0 and not (first[element] <= begin and end <= behind[element]):
                element = tokens[element, PARENT]
            up = level - (depth[element] if element >= 0 else 0)
        row[0] = inside
        row[1] = max(up, 0)
        row[2] = (depth[container] if container >= 0 else 0) - level + max(up, 0)
        row[3] = max(begin - block, 0)
        row[4] = max(block - end + 1, 0)
        row[5] = links / max(words, 1)
        row[6] = words / max(masses[-1, 0], 1)


@leaf
def _main_element(tokens: Table, masses: Masses, ranges: tuple[Places, Places, Places], share: float) -> int:
    """The OPEN token of the smallest element with this share of the long text; -1 if there is none."""
    first, behind, _ = ranges
    wanted = share * masses[-1, LONG_WORDS]
    best, least = -1, masses[-1, LONG_WORDS] + 1
    for token in range(len(tokens) - 1):
        if tokens[token, KIND] == OPEN and behind[token] > first[token]:
            here = masses[behind[token], LONG_WORDS] - masses[first[token], LONG_WORDS]
            if here >= wanted and here <= least and here > 0:
                best, least = token, here
    return best


@kernel
def _best_parent(tokens: Table, blocks: BlockTable, masses: Masses) -> int:
    """The element with most long text in its children, that of its grandchildren counted by half."""
    return _most_of_children(tokens, blocks, masses, np.zeros(len(tokens), np.float32))


@leaf
def _most_of_children(tokens: Table, blocks: BlockTable, masses: Masses, score: npt.NDArray[np.float32]) -> int:
    best = -1
    for block in range(len(blocks)):
        words = masses[block + 1, LONG_WORDS] - masses[block, LONG_WORDS]
        element = blocks[block, CONTAINER]
        for weight in (1.0, 0.5):
            if element < 0 or words == 0:
                break
            element = tokens[element, PARENT]
            if element >= 0:
                score[element] += weight * words
                if best < 0 or score[element] > score[best]:
                    best = element
    return best


@leaf
def _places(tokens: Table, blocks: BlockTable, masses: Masses, result: Features) -> None:
    h1, heading = -1, -1
    for block in range(len(blocks)):
        container = blocks[block, CONTAINER]
        tag = tokens[container, NUMBER] if container >= 0 else 0
        if tag == H1 and h1 < 0:
            h1 = block
        if H1 <= tag <= H6:
            heading = block
        row = result[block]
        row[0] = math.log1p(block - h1) if h1 >= 0 else -1
        row[1] = math.log1p(block - heading) if heading >= 0 else -1
        row[2] = block / len(blocks)
        row[3] = masses[block, 0] / max(masses[-1, 0], 1)
    if h1 < 0:
        for block in range(len(blocks)):
            result[block, 0] = -2
