"""Features of the second stage: the runs of likely content on a page, and which of them the title speaks of.

An article, its comments, the rules for comments, a list of teasers: each is a run of likely blocks, a cluster. What the
page is about, its title and description, is said again in one of them.
"""

import math

import numpy as np
import numpy.typing as npt

from filters.kernel import inlined, kernel
from pipelines.extract.blocks.blocks import COUNTED, BlockTable
from pipelines.extract.blocks.text_measures import WORDS
from pipelines.extract.features.masses import Places
from pipelines.extract.features.stems import PageWords
from pipelines.extract.features.topic import distinct

Features = npt.NDArray[np.float32]
Probabilities = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

LIKELY = np.float32(0.5)
"""Probability of a block that belongs to a cluster."""
GAP = 60
"""Words of unlikely blocks (each counted as one more) that part two clusters."""
NAMES = (
    "cluster_share", "cluster_over_largest", "cluster_from_largest",
    "cluster_title", "cluster_title_under_best", "cluster_description", "cluster_description_under_best",
    "cluster_distance", "cluster_from_title", "cluster_gap", "cluster_words", "clusters",
)  # fmt: skip
"""share: of the page's expected words; from_largest: how many clusters behind the largest; title, description: shares
of their words that the cluster has, the title's own block left out; distance: words to the cluster, from_title: from
the title's block to its begin, gap: to the cluster before (-1: none). All counts of words are logarithms."""


@kernel
def cluster_features(
    words: PageWords, blocks: BlockTable, probability: Probabilities, title: int, result: Features
) -> None:
    """Fill ``result``, float32[blocks, len(NAMES)]; zeros where no block is likely. ``title``: its block, or -1."""
    result[:, : len(NAMES)] = 0
    spans, mass, before = _clusters(blocks, probability)
    count = len(spans)
    if count == 0:
        return
    total = 0.0
    for block in range(len(blocks)):
        total += probability[block] * blocks[block, COUNTED + WORDS]
    said, described = _said(words, probability, spans, title)
    largest = np.argmax(mass)
    most_said, most_described = said.max(), described.max()
    cluster = 0
    for block in range(len(blocks)):
        while cluster + 1 < count and _is_nearer(spans, before, block, cluster):
            cluster += 1
        begin, end = spans[cluster]
        row = result[block]
        row[0] = mass[cluster] / max(total, 1e-6)
        row[1] = mass[cluster] / max(mass[largest], 1e-6)
        row[2] = cluster - largest
        row[3], row[4] = said[cluster], said[cluster] - most_said
        row[5], row[6] = described[cluster], described[cluster] - most_described
        row[7] = math.log1p(max(before[begin] - before[block], before[block] - before[end], 0))
        if title >= 0:
            distance = before[begin] - before[title]
            row[8] = math.copysign(math.log1p(abs(distance)), distance)
        row[9] = math.log1p(before[begin] - before[spans[cluster - 1, 1]]) if cluster > 0 else -1
        row[10] = math.log1p(before[end] - before[begin])
        row[11] = count


@kernel
def _clusters(blocks: BlockTable, probability: Probabilities) -> tuple[Places, Floats, Places]:
    """int32[clusters, 2]: their first block and the one behind; float64[clusters]: the expected words of their likely
    blocks; int32[blocks + 1]: words before each block."""
    spans = np.zeros((len(blocks), 2), np.int32)
    mass = np.zeros(len(blocks), np.float64)
    before = np.zeros(len(blocks) + 1, np.int32)
    count, gap = 0, GAP + 1
    for block in range(len(blocks)):
        words = blocks[block, COUNTED + WORDS]
        before[block + 1] = before[block] + words
        if probability[block] < LIKELY:
            gap += words + 1
            continue
        if gap > GAP:
            spans[count, 0] = block
            count += 1
        gap = 0
        spans[count - 1, 1] = block + 1
        mass[count - 1] += probability[block] * words
    return spans[:count].copy(), mass[:count].copy(), before


@kernel
def _said(words: PageWords, probability: Probabilities, spans: Places, title: int) -> tuple[Floats, Floats]:
    """float64[clusters] each: the share of the title's words, and of the description's, in each cluster."""
    numbers, begins, groups = words
    count = len(begins) - 3
    of_title = distinct(numbers[begins[count] : begins[count + 1]], groups)
    of_description = distinct(numbers[begins[count + 1] : begins[count + 2]], groups)
    said, described = np.zeros(len(spans), np.float64), np.zeros(len(spans), np.float64)
    seen = np.full(groups, -1, np.int32)
    for cluster in range(len(spans)):
        for block in range(spans[cluster, 0], spans[cluster, 1]):
            if block == title or probability[block] < LIKELY:
                continue
            for place in range(begins[block], begins[block + 1]):
                word = numbers[place]
                if seen[word] != cluster:
                    seen[word] = cluster
                    said[cluster] += of_title[word]
                    described[cluster] += of_description[word]
    return said / max(of_title.sum(), 1), described / max(of_description.sum(), 1)


@inlined
def _is_nearer(spans: Places, before: Places, block: int, cluster: int) -> bool:
    """Whether the next cluster is nearer to a block than this one."""
    end, begin = spans[cluster, 1], spans[cluster + 1, 0]
    return bool(block >= begin or (block >= end and before[begin] - before[block] < before[block] - before[end]))
