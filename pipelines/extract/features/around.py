"""Features of the elements around a block, from the innermost outwards."""

import math

import numpy as np
import numpy.typing as npt

from filters.kernel import leaf
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


@leaf
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
                for column in range(at, at + 8):
                    row[column] = row[column - 8]
            at += 8


@leaf
def _level(masses: Masses, span: tuple[Integer, Integer], total: Masses, weight: float, row: Features) -> None:
    begin, end = span
    count = max(end - begin, 1)
    text = masses[end, TEXT_WORDS] - masses[begin, TEXT_WORDS]
    words = max(text, 1)
    row[0] = math.log1p(text)
    row[1] = text / max(total[TEXT_WORDS], 1)
    row[2] = (masses[end, LONG_WORDS] - masses[begin, LONG_WORDS]) / max(total[LONG_WORDS], 1)
    row[3] = (masses[end, TEXT_LINKS] - masses[begin, TEXT_LINKS]) / words
    row[4] = math.log1p(count)
    row[5] = math.log1p(text / count)
    row[6] = (masses[end, SENTENCES] - masses[begin, SENTENCES]) / words
    row[7] = weight
