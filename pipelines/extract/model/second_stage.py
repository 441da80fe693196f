"""Features of the second stage, the net: what the first one says of a block, its neighbours, the elements around it,
and the run of likely blocks that it belongs to."""

from typing import Final

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel, leaf
from pipelines.extract.blocks.blocks import CONTAINER, COUNTED, BlockTable
from pipelines.extract.blocks.text_measures import WORDS
from pipelines.extract.blocks.tokens import PARENT, Table
from pipelines.extract.features.masses import Places
from pipelines.extract.model import clusters

Features = npt.NDArray[np.float32]
Probabilities = npt.NDArray[np.float32]

OFFSETS: Final = (-3, -2, -1, 1, 2, 3)
LEVELS: Final = 4
REACHES: Final = (3, 8)
NAMES: Final = (
    "probability", "page_mean", "page_most", "page_over_half",
    *(f"at_{offset}" for offset in OFFSETS),
    *(f"near_{reach}" for reach in REACHES),
    *(f"around_{level}" for level in range(LEVELS)),
    "before", "behind", *clusters.NAMES,
)  # fmt: skip
CLUSTERS: Final = NAMES.index(clusters.NAMES[0])


@kernel
def second_features(
    tokens: Table,
    blocks: BlockTable,
    ranges: tuple[Places, Places, Places],
    probability: Probabilities,
    result: Features,
) -> None:
    """Fill the first CLUSTERS columns of ``result``, float32[blocks, len(NAMES)]. Means are weighted by words."""
    sums = np.zeros((len(blocks) + 1, 2), np.float64)
    _fill(tokens, blocks, ranges, probability, sums, result)


@leaf
def _fill(  # noqa: PLR0917
    tokens: Table,
    blocks: BlockTable,
    ranges: tuple[Places, Places, Places],
    probability: Probabilities,
    sums: npt.NDArray[np.float64],
    result: Features,
) -> None:
    """``sums`` (zeros) become those of words and of their probabilities before each block."""
    first, behind, _ = ranges
    count = len(blocks)
    most, over = np.float32(0), 0.0
    for block in range(count):
        words = blocks[block, COUNTED + WORDS] + 1
        sums[block + 1, 0] = sums[block, 0] + words
        sums[block + 1, 1] = sums[block, 1] + words * probability[block]
        most = max(most, probability[block])
        over += words * (probability[block] > 0.5)
    for block in range(count):
        row = result[block]
        row[0] = probability[block]
        row[1] = sums[count, 1] / max(sums[count, 0], 1)
        row[2] = most
        row[3] = over / max(sums[count, 0], 1)
        at = 4
        for offset in OFFSETS:
            row[at] = probability[block + offset] if 0 <= block + offset < count else np.float32(-1)
            at += 1
        for reach in REACHES:
            row[at] = _mean(sums, max(block - reach, 0), min(block + reach + 1, count))
            at += 1
        element = blocks[block, CONTAINER]
        for level in range(LEVELS):
            if element >= 0:
                size = behind[element] - first[element]
                row[at] = _mean(sums, int(first[element]), int(behind[element]))
                while element >= 0 and behind[element] - first[element] == size:
                    element = tokens[element, PARENT]
            else:
                row[at] = row[at - 1] if level > 0 else row[1]
            at += 1
        row[at] = _mean(sums, 0, block)
        row[at + 1] = _mean(sums, block + 1, count)


@leaf
def _mean(sums: npt.NDArray[np.float64], begin: int, end: int) -> float:
    return (sums[end, 1] - sums[begin, 1]) / max(sums[end, 0] - sums[begin, 0], 1.0)
