"""All features of a page's blocks."""

from typing import Final

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel
from pipelines.extract.blocks.blocks import Blocks, BlockTable
from pipelines.extract.blocks.parse import Source
from pipelines.extract.blocks.tokens import Table, Tokens
from pipelines.extract.features import around, groups, main_element, neighbours, own, topic
from pipelines.extract.features.around import around_features
from pipelines.extract.features.groups import group_features
from pipelines.extract.features.main_element import main_features
from pipelines.extract.features.masses import block_ranges, running_masses
from pipelines.extract.features.neighbours import neighbour_features
from pipelines.extract.features.own import own_features
from pipelines.extract.features.paths import Weights, path_weights
from pipelines.extract.features.stems import PageWords, page_words
from pipelines.extract.features.topic import topic_features

Features = npt.NDArray[np.float32]

PARTS: Final = (own, around, main_element, groups, neighbours, topic)
NAMES: Final[tuple[str, ...]] = tuple(name for part in PARTS for name in part.NAMES)
"""Of the columns."""
OWN, AROUND, MAIN, GROUPS, NEIGHBOURS, TOPIC = np.cumsum([0, *(len(part.NAMES) for part in PARTS)]).tolist()[:-1]
WIDTH: Final = len(NAMES)


def block_features(tokens: Tokens, blocks: Blocks, weights: Weights) -> tuple[Features, PageWords]:
    """float32[blocks, len(NAMES)], and the words that those of ``topic`` are counts of.

    ``weights`` are those of the words that authors name elements by.
    """
    return _features(tokens.source, (tokens.table, tokens.words), blocks.table, weights)


@kernel
def _features(
    source: Source, tokens: tuple[Table, npt.NDArray[np.uint32]], blocks: BlockTable, weights: Weights
) -> tuple[Features, PageWords]:
    table, names = tokens
    result = np.empty((len(blocks), WIDTH), np.float32)
    paths, signature = path_weights(table, names, weights)
    masses = running_masses(blocks)
    ranges = block_ranges(table, blocks)
    words = page_words(source, table, blocks)
    own_features(table, blocks, result[:, OWN:])
    around_features(table, blocks, paths, masses, ranges, result[:, AROUND:])
    main_features(table, blocks, masses, ranges, result[:, MAIN:])
    group_features(source, table, blocks, signature, result[:, GROUPS:])
    neighbour_features(table, blocks, masses, result[:, NEIGHBOURS:])
    topic_features(words, blocks, masses, result[:, TOPIC:])
    return result, words
