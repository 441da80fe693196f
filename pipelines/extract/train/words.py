"""Weights of the words that authors name elements by: a logistic regression over all words on a block's path."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from pipelines.extract.blocks.blocks import CONTAINER, Blocks
from pipelines.extract.blocks.tokens import NUMBER, PARENT, WORDS, Tokens
from pipelines.extract.features.paths import tag_word

Floats = npt.NDArray[np.float32]

FEWEST_SITES = 3
"""That use a word, for it to have a weight."""
PENALTY = 3e-5
"""Of the squared weights (L2)."""
ROUNDS = 60
LEAST = 0.02
"""Smaller weights are left out."""


@dataclass(frozen=True, slots=True)
class PathWords:
    """Which words are on the path to each block of all pages: a 0-1 matrix of blocks x words."""

    matrix: csr_matrix
    hashes: npt.NDArray[np.uint32]
    """uint32[words]."""


def words_on_paths(tokens: Tokens, blocks: Blocks) -> list[frozenset[int]]:
    """For each block, the hashes of the names and tags of the elements around it."""
    table, words = tokens.table, tokens.words.tolist()
    known: dict[int, frozenset[int]] = {-1: frozenset()}
    result = []
    for container in blocks.table[:, CONTAINER].tolist():
        unknown, element = [], container
        while element not in known:
            unknown.append(element)
            element = int(table[element, PARENT])
        found = known[element]
        for inner in reversed(unknown):
            own = words[table[inner, WORDS] : table[inner + 1, WORDS]]
            found = known[inner] = found.union(own, (int(tag_word(int(table[inner, NUMBER]))),))
        result.append(found)
    return result


def path_words(pages: Iterable[Sequence[frozenset[int]]], sites: Sequence[str]) -> PathWords:
    """The matrix of all blocks of all pages; only words of at least FEWEST_SITES sites are columns."""
    columns: dict[int, int] = {}
    used_by: defaultdict[int, set[str]] = defaultdict(set)
    indices: list[int] = []
    ends = [0]
    for page, site in zip(pages, sites, strict=True):
        numbers: dict[frozenset[int], list[int]] = {}
        for words in page:
            if words not in numbers:
                numbers[words] = [columns.setdefault(word, len(columns)) for word in sorted(words)]
                for number in numbers[words]:
                    used_by[number].add(site)
            indices.extend(numbers[words])
            ends.append(len(indices))
    common = np.array([len(used_by[number]) >= FEWEST_SITES for number in range(len(columns))], np.bool_)
    ones = np.ones(len(indices), np.float32)
    shape = (len(ends) - 1, len(columns))
    matrix = csr_matrix((ones, np.array(indices, np.int32), np.array(ends)), shape=shape)[:, np.flatnonzero(common)]
    return PathWords(csr_matrix(matrix), np.array(list(columns), np.uint32)[common])


def fit_words(
    words: PathWords, rows: npt.NDArray[np.bool_], content: Floats, weight: Floats
) -> tuple[npt.NDArray[np.uint32], Floats]:
    """Hashes and weights of the words, from the blocks that ``rows`` (bool[blocks]) chooses.

    ``content`` and ``weight`` are float32[blocks]: whether a block is content, and how much it counts.
    """
    matrix = words.matrix[rows]
    transposed = matrix.T.tocsr()
    truth, share = content[rows], weight[rows] / weight[rows].sum()

    def loss(point: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        held = point.astype(np.float32)
        scores = np.clip(matrix @ held[:-1] + held[-1], -30, 30)
        probability = 1 / (1 + np.exp(-scores))
        likelihood = truth * np.log(probability + 1e-7) + (1 - truth) * np.log(1 - probability + 1e-7)
        slope = share * (probability - truth)
        gradient = np.append(transposed @ slope + PENALTY * held[:-1], slope.sum())
        return float(-(share * likelihood).sum() + PENALTY / 2 * (held[:-1] ** 2).sum()), gradient.astype(np.float64)

    found = minimize(loss, np.zeros(matrix.shape[1] + 1), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    weights = found.x[:-1].astype(np.float32)
    large = np.abs(weights) > LEAST
    return words.hashes[large], weights[large]
