"""Features of the blocks that look the same in the page's markup, and of those with the same text."""

import math

import numpy as np
import numpy.typing as npt
from numba import uint64

from filters.kernel import kernel, leaf
from pipelines.extract.blocks.blocks import BEHIND, CONTAINER, COUNTED, FIRST, BlockTable
from pipelines.extract.blocks.parse import Integer, Source
from pipelines.extract.blocks.tags import OFFSET, PRIME
from pipelines.extract.blocks.text_measures import LINK_WORDS, STOPS, WORDS
from pipelines.extract.blocks.tokens import END, KIND, NUMBER, PARENT, START, TEXT, Table
from pipelines.extract.features.grouping import Places, group
from pipelines.extract.features.paths import tag_word

Features = npt.NDArray[np.float32]
Keys = npt.NDArray[np.uint64]

OF_GROUP = ("share", "blocks", "words_per_block", "link_share", "stops")
GROUPS = ("same_path", "same_parent_path", "same_grandparent_path", "same_tags")
NAMES = (*(f"{kind}_{name}" for kind in GROUPS for name in OF_GROUP), "same_text")


@kernel
def group_features(source: Source, tokens: Table, blocks: BlockTable, signature: Keys, result: Features) -> None:
    """Fill ``result``, float32[blocks, len(NAMES)]."""
    count = len(blocks)
    keys = np.empty(count, np.uint64)
    for kind in range(len(GROUPS)):
        for block in range(count):
            element = blocks[block, CONTAINER]
            if kind == 3:
                keys[block] = _tags_key(tokens, element)
                continue
            for _ in range(kind):
                element = tokens[element, PARENT] if element >= 0 else -1
            keys[block] = signature[element] if element >= 0 else uint64(0)
        _group(blocks, keys, result[:, kind * len(OF_GROUP) :])
    for block in range(count):
        keys[block] = text_key(source, tokens, blocks[block])
    numbers, groups = group(keys)
    times = np.zeros(groups, np.int32)
    for block in range(count):
        times[numbers[block]] += 1
    for block in range(count):
        result[block, len(GROUPS) * len(OF_GROUP)] = times[numbers[block]]


@kernel
def _group(blocks: BlockTable, keys: Keys, result: Features) -> None:
    numbers, groups = group(keys)
    _describe(blocks, numbers, np.zeros((groups, 4), np.int32), result)


@leaf
def _describe(blocks: BlockTable, numbers: Places, sums: Places, result: Features) -> None:
    """Fill the columns of one kind of groups; ``numbers`` are the blocks' groups, ``sums`` zeros for each of them."""
    total = 0
    for block in range(len(blocks)):
        here = sums[numbers[block]]
        here[0] += 1
        here[1] += blocks[block, COUNTED + WORDS]
        here[2] += blocks[block, COUNTED + LINK_WORDS]
        here[3] += blocks[block, COUNTED + STOPS]
        total += blocks[block, COUNTED + WORDS]
    for block in range(len(blocks)):
        here, row = sums[numbers[block]], result[block]
        words = max(here[1], 1)
        row[0] = here[1] / max(total, 1)
        row[1] = math.log1p(here[0])
        row[2] = math.log1p(here[1] / here[0])
        row[3] = here[2] / words
        row[4] = here[3] / words


@leaf
def _tags_key(tokens: Table, element: int) -> Integer:
    """The tags of the innermost elements, whatever their names."""
    key = uint64(OFFSET)
    for _ in range(3):
        if element < 0:
            break
        key = (key ^ uint64(tag_word(tokens[element, NUMBER]))) * uint64(PRIME)
        element = tokens[element, PARENT]
    return key ^ (key >> uint64(29))


@leaf
def text_key(source: Source, tokens: Table, block: npt.NDArray[np.int32]) -> Integer:
    """A hash (uint64) of the bytes of a block's texts, white space left out; ``block`` is its row."""
    key = uint64(OFFSET)
    for token in range(block[FIRST], block[BEHIND]):
        if tokens[token, KIND] == TEXT:
            for place in range(tokens[token, START], tokens[token, END]):
                if source[place] > 0x20:
                    key = (key ^ uint64(source[place])) * uint64(PRIME)
    return key ^ (key >> uint64(29))
