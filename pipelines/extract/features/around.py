"""Features of the elements around a block, from the innermost outwards."""

import math

import numpy as np
import numpy.typing as npt
from numba import njit

from pipelines.extract.blocks.blocks import CONTAINER, COUNTED, BlockTable
from pipelines.extract.blocks.parse import Integer
from pipelines.extract.blocks.text_measures import WORDS
from pipelines.extract.blocks.tokens import PARENT, Table
from pipelines.extract.features.masses import LONG_WORDS, SENTENCES, TEXT_LINKS, TEXT_WORDS, Masses, Places
from pipelines.extract.features.paths import LEAST, MOST, OWN, SUM, Paths

Features = npt.NDArray[np.float32]

LEVELS = 5
OF_LEVEL = ("words", "share", "long_share", "link_share", "blocks", "words_per_block", "sentences", "weight")
PATH = ("path_sum", "path_least", "path_most", "path_over_mean", "depth", "depth_over_mean")
NAMES = (*PATH, *(f"{name}_{level}" for level in range(LEVELS) for name in OF_LEVEL))


@njit(cache=True, nogil=True)
def around_features(  # noqa: PLR0917
    tokens: Table,
    blocks: BlockTable,
    paths: Paths,
    masses: Masses,
    ranges: tuple[Places, Places, Places],
    result: Features,
) -> None:
    """Fill ``result``, float32[blocks, len(NAMES)]. A level is the next element with more blocks than the last."""
    first, behind, depth = ranges
    total = masses[-1]
    mean_path, mean_depth = np.float32(0), np.float32(0)
    for block in range(len(blocks)):
        container = blocks[block, CONTAINER]
        if container >= 0:
            mean_path += paths[container, SUM] * blocks[block, COUNTED + WORDS]
            mean_depth += depth[container] * blocks[block, COUNTED + WORDS]
    mean_path /= max(total[TEXT_WORDS], 1)
    mean_depth /= max(total[TEXT_WORDS], 1)
    for block in range(len(blocks)):
        row = result[block]
        row[:] = 0
        element = blocks[block, CONTAINER]
        if element >= 0:
            row[0], row[1], row[2] = paths[element, SUM], paths[element, LEAST], paths[element, MOST]
            row[3] = paths[element, SUM] - mean_path
            row[4] = depth[element]
            row[5] = depth[element] - mean_depth
        at = 6
        for _ in range(LEVELS):
            if element >= 0:
                _level(masses, (int(first[element]), int(behind[element])), total, paths[element, OWN], row[at:])
                size = behind[element] - first[element]
                weight = np.float32(0)
                element = tokens[element, PARENT]
                while element >= 0 and behind[element] - first[element] == size:
                    weight += paths[element, OWN]
                    element = tokens[element, PARENT]
                row[at + 7] += weight
            elif at > 6:
                row[at : at + 8] = row[at - 8 : at]
            at += 8


@njit(cache=True, nogil=True)
def _level(masses: Masses, span: tuple[Integer, Integer], total: Masses, weight: float, row: Features) -> None:
    here = masses[span[1]] - masses[span[0]]
    count = max(span[1] - span[0], 1)
    words = max(here[TEXT_WORDS], 1)
    row[0] = math.log1p(here[TEXT_WORDS])
    row[1] = here[TEXT_WORDS] / max(total[TEXT_WORDS], 1)
    row[2] = here[LONG_WORDS] / max(total[LONG_WORDS], 1)
    row[3] = here[TEXT_LINKS] / words
    row[4] = math.log1p(count)
    row[5] = math.log1p(here[TEXT_WORDS] / count)
    row[6] = here[SENTENCES] / words
    row[7] = weight
