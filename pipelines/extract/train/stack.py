"""The two stages of the model and its word weights, fitted to examples, and what they say of pages they have not seen.

Nothing that is fitted looks at what it was fitted to: word weights for a page come from other folds, and so do the
probabilities that the second stage learns from. Folds are of whole sites.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xxhash

from pipelines.extract.features.paths import weight_table
from pipelines.extract.features.stems import PageWords
from pipelines.extract.features.table import block_features
from pipelines.extract.model.classify import add_second
from pipelines.extract.model.model_file import BlockModel
from pipelines.extract.model.trees import Trees, probabilities
from pipelines.extract.train.examples import Example
from pipelines.extract.train.grow import grow
from pipelines.extract.train.words import PathWords, fit_words, path_words, words_on_paths

Floats = npt.NDArray[np.float32]
Chosen = npt.NDArray[np.bool_]
Report = Callable[[str], None]

FOLDS = 5
FIRST, SECOND = (120, 15), (60, 15)
"""Trees of each stage, and leaves of each tree. Larger ones know the kinds of pages better that most labels are of, and
others less."""
SKETCH = 60
"""Trees of the first stage where only a tendency is asked for: each source left out, the learning curve."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """Word weights and both stages, with the share of each feature in their gains."""

    hashes: npt.NDArray[np.uint32]
    weights: Floats
    first: Trees
    second: Trees
    gains: tuple[Floats, Floats]

    def model(self, confidence: Floats) -> BlockModel:
        """As it is written to a file."""
        return BlockModel(self.hashes, self.weights, self.first, self.second, confidence)


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
        self._second: list[Floats] = [np.empty((0, 0), np.float32)] * len(examples)

    def cross_validate(self, report: Report) -> list[Floats]:
        """float32[blocks] for each example: the probabilities by models that saw no page of its site."""
        for fold in range(FOLDS):
            report(f"first stage, fold {fold + 1} of {FOLDS}")
            trees, _ = self._grow(self._first, self.teaches & (self.fold != fold), FIRST)
            for number in np.flatnonzero(self.fold == fold).tolist():
                self._second[number] = self._second_rows(number, trees)
        result: list[Floats] = [np.empty(0, np.float32)] * len(self.examples)
        for fold in range(FOLDS):
            report(f"second stage, fold {fold + 1} of {FOLDS}")
            trees, _ = self._grow(self._second, self.teaches & (self.fold != fold), SECOND)
            for number in np.flatnonzero(self.fold == fold).tolist():
                result[number] = probabilities(trees, self._second[number])
        return result

    def fit(self, chosen: Chosen) -> Fitted:
        """The model of the chosen examples that teach (bool[examples]); after ``cross_validate``."""
        chosen = chosen & self.teaches
        hashes, weights = self._fit_words(chosen)
        first, first_gain = self._grow(self._first, chosen, FIRST)
        second, second_gain = self._grow(self._second, chosen, SECOND)
        return Fitted(hashes, weights, first, second, (first_gain, second_gain))

    def predict(self, chosen: Chosen, wanted: Chosen) -> list[Floats]:
        """float32[blocks] of the wanted examples by smaller stages fitted to the chosen ones; empty for others."""
        chosen = chosen & self.teaches
        first, _ = self._grow(self._first, chosen, (SKETCH, FIRST[1]))
        second, _ = self._grow(self._second, chosen, SECOND)
        return [
            probabilities(second, self._second_rows(number, first)) if wanted[number] else np.empty(0, np.float32)
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

    def _second_rows(self, number: int, trees: Trees) -> Floats:
        example, features = self.examples[number], self._first[number]
        first = probabilities(trees, features)
        return add_second(example.tokens.table, example.blocks.table, features, self._page_words[number], first)

    def _grow(self, rows: Sequence[Floats], chosen: Chosen, size: tuple[int, int]) -> tuple[Trees, Floats]:
        numbers: list[int] = np.flatnonzero(chosen).tolist()
        weight = np.concatenate([self._weight[number] for number in numbers])
        used = weight > 0
        held = np.concatenate([rows[number] for number in numbers])[used]
        content = np.concatenate([self._content[number] for number in numbers])[used]
        return grow(held, content, weight[used], size, self.seed)
