"""Features of what a block is about: its words in the page's title and description, and in the rest of the page."""

import math

import numpy as np
import numpy.typing as npt

from filters.kernel import inlined, kernel, leaf
from pipelines.extract.blocks.blocks import COUNTED, BlockTable
from pipelines.extract.blocks.text_measures import LINK_WORDS, WORDS
from pipelines.extract.features.masses import LONG, TEXT_WORDS, Masses
from pipelines.extract.features.stems import PageWords, Places

Features = npt.NDArray[np.float32]

NAMES = (
    "title_found", "in_title", "title_likeness", "title_best", "blocks_from_title", "words_from_title",
    "description_found", "in_description", "description_best",
    "shared", "shared_over_mean", "shared_long",
)  # fmt: skip
"""title_found: share of the title's words that the block has; in_title: of the block's words in the title;
title_likeness: F1 of both; title_best: the most on the page, whose block the distances are from. The same for the
description. shared: share of the block's words that stand in other blocks, shared_long: in other blocks of long text;
shared_over_mean: that, over the page's mean."""
FOUND, IN_TITLE, LIKENESS, BEST, BLOCKS_FROM, WORDS_FROM, DESCRIBED, IN_DESCRIPTION, DESCRIPTION_BEST = range(9)
SHARED, OVER_MEAN, SHARED_LONG = range(9, 12)


@kernel
def topic_features(words: PageWords, blocks: BlockTable, masses: Masses, result: Features) -> None:
    """Fill ``result``, float32[blocks, len(NAMES)]. A word counts once in a block."""
    numbers, begins, groups = words
    count = len(blocks)
    title = distinct(numbers[begins[count] : begins[count + 1]], groups)
    description = distinct(numbers[begins[count + 1] : begins[count + 2]], groups)
    seen = np.full(groups, -1, np.int32)
    sizes = max(title.sum(), 1), max(description.sum(), 1)
    mean = _compare(words, (title, description), sizes, _spread(words, blocks), seen, blocks, result)
    _relate(masses, mean, result)


@leaf
def _compare(  # noqa: PLR0917
    words: PageWords,
    named: tuple[Places, Places],
    sizes: tuple[int, int],
    spread: Places,
    seen: Places,
    blocks: BlockTable,
    result: Features,
) -> float:
    """Fill the columns that compare a block with the words of title and description (``named``, in ``sizes`` words).

    Returns the page's mean of SHARED_LONG.
    """
    numbers, begins, _ = words
    title, description = named
    title_size, description_size = sizes
    shared_words, all_words = 0.0, 0.0
    for block in range(len(blocks)):
        row = result[block]
        size, in_title, in_description, shared, shared_long = 0, 0, 0, 0, 0
        for place in range(begins[block], begins[block + 1]):
            word = numbers[place]
            if seen[word] != block:
                seen[word] = block
                size += 1
                in_title += title[word]
                in_description += description[word]
                shared += spread[word, 0] > 1
                shared_long += spread[word, 1] > _is_long(blocks, block)
        row[FOUND], row[IN_TITLE] = in_title / title_size, in_title / max(size, 1)
        row[LIKENESS] = 2 * in_title / (size + title_size)
        row[DESCRIBED], row[IN_DESCRIPTION] = in_description / description_size, in_description / max(size, 1)
        row[SHARED], row[SHARED_LONG] = shared / max(size, 1), shared_long / max(size, 1)
        shared_words += shared_long
        all_words += size
    return shared_words / max(all_words, 1.0)


@leaf
def _relate(masses: Masses, mean: float, result: Features) -> None:
    """Fill the columns that look at the whole page; ``mean`` is that of SHARED_LONG."""
    best = title_block(result[:, LIKENESS])
    described = np.float32(0)
    for block in range(len(result)):
        described = max(described, result[block, DESCRIBED])
    for block in range(len(result)):
        row = result[block]
        row[DESCRIPTION_BEST] = described
        row[OVER_MEAN] = row[SHARED_LONG] - mean
        row[BEST], row[BLOCKS_FROM], row[WORDS_FROM] = 0, 0, 0
        if best >= 0:
            words = masses[block, TEXT_WORDS] - masses[best, TEXT_WORDS]
            row[BEST] = result[best, LIKENESS]
            row[BLOCKS_FROM] = block - best
            row[WORDS_FROM] = math.copysign(math.log1p(abs(words)), words)


@leaf
def title_block(likeness: Features) -> int:
    """The first of the blocks most like the title; -1 where none has a word of it."""
    best, most = -1, np.float32(0)
    for block in range(len(likeness)):
        if likeness[block] > most:
            best, most = block, likeness[block]
    return best


@kernel
def distinct(numbers: Places, groups: int) -> npt.NDArray[np.int32]:
    """int32[groups]: 1 for those that occur."""
    result = np.zeros(groups, np.int32)
    for number in numbers:
        result[number] = 1
    return result


@kernel
def _spread(words: PageWords, blocks: BlockTable) -> npt.NDArray[np.int32]:
    """int32[groups, 2]: in how many blocks a word occurs, and in how many of long text."""
    numbers, begins, groups = words
    result = np.zeros((groups, 2), np.int32)
    seen = np.full(groups, -1, np.int32)
    for block in range(len(blocks)):
        is_long = _is_long(blocks, block)
        for place in range(begins[block], begins[block + 1]):
            if seen[numbers[place]] != block:
                seen[numbers[place]] = block
                result[numbers[place], 0] += 1
                result[numbers[place], 1] += is_long
    return result


@inlined
def _is_long(blocks: BlockTable, block: int) -> bool:
    words = blocks[block, COUNTED + WORDS]
    return bool(words >= LONG and 3 * blocks[block, COUNTED + LINK_WORDS] <= words)
