"""A page judged: how likely each of its blocks is content, which to keep, and how sure that is."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from filters.kernel import kernel
from pipelines.extract.blocks.blocks import COUNTED, Blocks, BlockTable, find_blocks
from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.text_measures import WORDS
from pipelines.extract.blocks.tokens import Table, Tokens, tokenize
from pipelines.extract.features.masses import block_ranges
from pipelines.extract.features.paths import Weights
from pipelines.extract.features.stems import PageWords
from pipelines.extract.features.table import TOPIC, block_features
from pipelines.extract.features.topic import LIKENESS, title_block
from pipelines.extract.model.clusters import cluster_features
from pipelines.extract.model.keep import keep_blocks
from pipelines.extract.model.model_file import BlockModel
from pipelines.extract.model.net import net_probabilities
from pipelines.extract.model.second_stage import CLUSTERS, NAMES, second_features
from pipelines.extract.model.trees import Features, Probabilities, probabilities


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a model says of a page."""

    tokens: Tokens
    blocks: Blocks
    probability: Probabilities
    """float32[blocks]: the chance that the block is content."""
    keep: npt.NDArray[np.bool_]
    """bool[blocks]: which are kept."""
    cut: float
    """Blocks of at least this probability are kept, each text once."""
    confidence: float
    """The F1 that the kept words can be expected to have, as pages in cross-validation had it."""


class BlockClassifier:
    """A model, ready to judge pages."""

    def __init__(self, model: BlockModel) -> None:
        self._model = model
        self._weights: Weights = model.weights()
        self._trees = model.trees()
        self._known, self._actual = (np.concatenate([[0.0], each]) for each in model.confidence)

    def judge(self, html: str) -> Judgement:
        """Judge a decoded page; any string is one."""
        tokens = tokenize(to_source(html))
        blocks = find_blocks(tokens)
        features, words = block_features(tokens, blocks, self._weights)
        first = probabilities(self._trees, features)
        rows = add_second(tokens.table, blocks.table, features, words, first)
        probability = net_probabilities(self._model.net, rows, blocks.table[:, COUNTED + WORDS], first)
        keep, cut, expected = keep_blocks(tokens, blocks, words, probability)
        return Judgement(tokens, blocks, probability, keep, cut, self._confidence(expected))

    def _confidence(self, expected: float) -> float:
        """The F1 of pages of an expectation; below all that calibration has seen, in proportion to it."""
        return float(np.interp(expected, self._known, self._actual))


@kernel
def add_second(
    tokens: Table, blocks: BlockTable, features: Features, words: PageWords, first: Probabilities
) -> Features:
    """float32[blocks, F]: the features of both stages, which the net looks at."""
    width = features.shape[1]
    result = np.empty((len(blocks), width + len(NAMES)), np.float32)
    result[:, :width] = features
    second_features(tokens, blocks, block_ranges(tokens, blocks), first, result[:, width:])
    title = title_block(features[:, TOPIC + LIKENESS])
    cluster_features(words, blocks, first, title, result[:, width + CLUSTERS :])
    return result
