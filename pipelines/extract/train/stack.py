"""The two stages of the model and its word weights, fitted to examples, and what they say of pages they have not seen.

Nothing that is fitted looks at what it was fitted to: word weights for a page come from other folds, and so do the
probabilities that the second stage learns from. Folds are of whole sites.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xxhash

from pipelines.extract.blocks.blocks import COUNTED
from pipelines.extract.blocks.text_measures import WORDS
from pipelines.extract.features.paths import weight_table
from pipelines.extract.features.stems import PageWords
from pipelines.extract.features.table import block_features
from pipelines.extract.model.classify import add_second
from pipelines.extract.model.model_file import BlockModel
from pipelines.extract.model.net import Net, net_probabilities
from pipelines.extract.model.trees import MaskedTrees, Trees, masked, probabilities
from pipelines.extract.train.examples import PAGE_WEIGHT, Example
from pipelines.extract.train.grow import grow
from pipelines.extract.train.net.fit import TrainingPage, fit_net
from pipelines.extract.train.words import PathWords, fit_words, path_words, words_on_paths

Floats = npt.NDArray[np.float32]
Chosen = npt.NDArray[np.bool_]
Report = Callable[[str], None]

FOLDS = 5
FIRST = (120, 15)
"""Trees of the first stage, and leaves of each tree. Larger ones know the kinds of pages better that most labels are
of, and others less."""
EPOCHS = 8
"""How often the net of the second stage sees each page."""
SKETCH = 60
"""Trees where only a tendency is asked for: each source left out, the learning curve."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Word weights and both stages, with the share of each feature in the gains of the first."""

    hashes: npt.NDArray[np.uint32]
    weights: Floats
    first: Trees
    net: Net
    gains: Floats

    def model(self, confidence: Floats) -> BlockModel:
        """As it is written to a file."""
        return BlockModel(self.hashes, self.weights, self.first, self.net, confidence)


@dataclass(frozen=True, slots=True)
class Rows:
    """Of the blocks of a page, for the second stage: float32[blocks, F], and float32[blocks] that the first says."""

    features: Floats
    likely: Floats


class Stack:
    """Examples, ready to fit the model to any choice of them."""

    def __init__(self, examples: Sequence[Example], seed: int, report: Report) -> None:
        self.examples = examples
        self.seed = seed
        self.fold = np.array(
            [xxhash.xxh3_64_intdigest(example.site.encode(), seed=seed) % FOLDS for example in examples]
        )
        self.teaches = np.array([example.teaches for example in examples], np.bool_)
        self._taught: list[int] = np.flatnonzero(self.teaches).tolist()
        self._content = [example.content for example in examples]
        self._weight = [example.weight for example in examples]
        self._words = self._path_words(report)
        report("features")
        self._first: list[Floats] = [np.empty(0, np.float32)] * len(examples)
        self._page_words: list[PageWords] = [(np.empty(0, np.int32), np.zeros(3, np.int32), 0)] * len(examples)
        for fold in range(FOLDS):
            hashes, weights = self._fit_words(self.teaches & (self.fold != fold))
            self._look(np.flatnonzero(self.fold == fold).tolist(), hashes, weights)
        self._second: list[Rows] = [Rows(np.empty((0, 0), np.float32), np.empty(0, np.float32))] * len(examples)

    def cross_validate(self, report: Report) -> list[Floats]:
        """float32[blocks] for each example: the probabilities by models that saw no page of its site."""
        for fold in range(FOLDS):
            report(f"first stage, fold {fold + 1} of {FOLDS}")
            grown, _ = self._grow(self.teaches & (self.fold != fold), FIRST)
            trees = masked(grown)
            for number in np.flatnonzero(self.fold == fold).tolist():
                self._second[number] = self._second_rows(number, trees)
        result: list[Floats] = [np.empty(0, np.float32)] * len(self.examples)
        for fold in range(FOLDS):
            report(f"second stage, fold {fold + 1} of {FOLDS}")
            net = self._fit_net(self.teaches & (self.fold != fold))
            for number in np.flatnonzero(self.fold == fold).tolist():
                result[number] = self._judge(number, net, self._second[number])
        return result

    def fit(self, chosen: Chosen) -> Fitted:
        """The model of the chosen examples that teach (bool[examples]); after ``cross_validate``."""
        chosen = chosen & self.teaches
        hashes, weights = self._fit_words(chosen)
        first, gains = self._grow(chosen, FIRST)
        return Fitted(hashes, weights, first, self._fit_net(chosen), gains)

    def predict(self, chosen: Chosen, wanted: Chosen) -> list[Floats]:
        """float32[blocks] of the wanted examples by a model of the chosen ones, with fewer trees; empty for others."""
        chosen = chosen & self.teaches
        trees, _ = self._grow(chosen, (SKETCH, FIRST[1]))
        first = masked(trees)
        net = self._fit_net(chosen)
        return [
            self._judge(number, net, self._second_rows(number, first)) if wanted[number] else np.empty(0, np.float32)
            for number in range(len(self.examples))
        ]

    def _path_words(self, report: Report) -> PathWords:
        report("names of elements")
        taught = [self.examples[number] for number in self._taught]
        pages = (words_on_paths(example.tokens, example.blocks) for example in taught)
        return path_words(pages, [example.site for example in taught])

    def _fit_words(self, chosen: Chosen) -> tuple[npt.NDArray[np.uint32], Floats]:
        rows = np.concatenate([np.full(len(self._content[number]), chosen[number]) for number in self._taught])
        content = np.concatenate([self._content[number] for number in self._taught])
        weight = np.concatenate([self._weight[number] for number in self._taught])
        return fit_words(self._words, rows, content, weight)

    def _look(self, numbers: Sequence[int], hashes: npt.NDArray[np.uint32], weights: Floats) -> None:
        table = weight_table(hashes, weights)
        for number in numbers:
            example = self.examples[number]
            self._first[number], self._page_words[number] = block_features(example.tokens, example.blocks, table)

    def _second_rows(self, number: int, trees: MaskedTrees) -> Rows:
        example, features = self.examples[number], self._first[number]
        first = probabilities(trees, features)
        words = self._page_words[number]
        return Rows(add_second(example.tokens.table, example.blocks.table, features, words, first), first)

    def _judge(self, number: int, net: Net, rows: Rows) -> Floats:
        return net_probabilities(net, rows.features, self._lengths(number), rows.likely)

    def _lengths(self, number: int) -> npt.NDArray[np.int32]:
        return self.examples[number].blocks.table[:, COUNTED + WORDS]

    def _grow(self, chosen: Chosen, size: tuple[int, int]) -> tuple[Trees, Floats]:
        numbers: list[int] = np.flatnonzero(chosen).tolist()
        weight = np.concatenate([self._weight[number] for number in numbers])
        used = weight > 0
        held = np.concatenate([self._first[number] for number in numbers])[used]
        content = np.concatenate([self._content[number] for number in numbers])[used]
        return grow(held, content, weight[used], size, self.seed)

    def _fit_net(self, chosen: Chosen) -> Net:
        pages = [
            TrainingPage(
                rows=self._second[number].features,
                words=self._lengths(number).astype(np.float32),
                likely=self._second[number].likely,
                content=self._content[number],
                weight=self._weight[number] / np.float32(PAGE_WEIGHT),
            )
            for number in np.flatnonzero(chosen).tolist()
        ]
        return fit_net(pages, EPOCHS, self.seed)
