"""Which open elements a tag closes."""

from typing import Final

import numpy as np
import numpy.typing as npt

from filters.kernel import leaf
from pipelines.extract.blocks import tags
from pipelines.extract.blocks.parse import Integer
from pipelines.extract.blocks.tags import CLOSERS, FACTS, HAS_CLOSERS, NAMES, TAG

Stack = npt.NDArray[np.int32]
"""int32[depth + 1, 3]: token, tag and states of each open element; row 0 is the root, which is never closed."""

HEAD, P, LI, TABLE, H1, H6 = (TAG[name] for name in ("head", "p", "li", "table", "h1", "h6"))
LIST_TAGS: Final[npt.NDArray[np.bool_]] = np.array([name in ("ul", "ol") for name in NAMES], np.bool_)


@leaf
def closed_by_start(stack: Stack, depth: int, tag: int, still_open: npt.NDArray[np.int32]) -> int:
    """The place in ``stack`` of the outermost element that a start tag closes; 0 if it closes none."""
    closed = 0
    if depth > 0 and stack[depth, 1] == HEAD and FACTS[tag] & tags.HEAD == 0:
        closed = depth
    if FACTS[tag] & tags.CLOSES_P != 0 and still_open[P] > 0:
        place = depth
        while place > 0 and FACTS[stack[place, 1]] & tags.BLOCK == 0:
            place -= 1
        if stack[place, 1] == P:
            closed = place
    if HAS_CLOSERS[tag]:
        place = depth
        while place > 0 and CLOSERS[tag, stack[place, 1]] != 2:
            if CLOSERS[tag, stack[place, 1]] == 1:
                closed = place
            place -= 1
    return closed


@leaf
def closed_by_end(stack: Stack, depth: int, tag: Integer) -> int:
    """The place in ``stack`` of the element that an end tag closes; 0 if it is out of its reach."""
    facts = FACTS[tag]
    for place in range(depth, 0, -1):
        other = stack[place, 1]
        if other == tag or (H1 <= tag <= H6 and H1 <= other <= H6):
            return place
        if facts & tags.TABLE_PART != 0:
            if other == TABLE:
                return 0
        elif (
            FACTS[other] & tags.SCOPE != 0
            or (facts & tags.BLOCK == 0 and FACTS[other] & tags.BLOCK != 0)
            or (tag == LI and LIST_TAGS[other])
            or (tag == P and FACTS[other] & tags.BLOCK != 0)
        ):
            return 0
    return 0
