"""Fits the detector: logistic regression on bags of sentences (after Andrews et al. 2002, multiple-instance learning).

Which sentence of an attack speaks to the model is not known: at first all are taken to do so, then only those that the
model finds likely, and of each attack the likeliest.
"""

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from benchmarks.prompt_injection.training import Training
from datagen.injection.features import PLACES, features, values

RIDGE = 2e-5
KINDS_WEIGH = 1.5
"""How much less a kind's weight is held back than a word's: kinds are seen in many more sentences."""
LEAST_SENTENCES = 5
"""A feature that fewer sentences have is left out."""
ATTACKS_WEIGH = 0.3
ROUNDS, STEPS = 2, 100


def fit(found: Training) -> np.ndarray:
    """float64[2 * PLACES]: the weights, not yet shifted."""
    places = [features(unit) for unit, _ in found.clean]
    places += [features(unit) for attack, _ in found.attacks for unit in attack]
    x = _matrix(places)
    clean = len(found.clean)
    sentences = [len(attack) for attack, _ in found.attacks]
    bag = np.repeat(np.arange(len(sentences)), sentences)
    weight = np.concatenate(
        [[each for _, each in found.clean], np.repeat([each for _, each in found.attacks], sentences)]
    )
    y = np.r_[-np.ones(clean), np.ones(len(bag))]
    taken, w = np.ones(len(y), bool), np.zeros(2 * PLACES)
    for _ in range(ROUNDS):
        w = _logistic(x[taken], y[taken], _balanced(weight[taken], y[taken]), w)
        score = (x @ w)[clean:]
        likeliest = np.full(len(found.attacks), -np.inf)
        np.maximum.at(likeliest, bag, score)
        taken[clean:] = (score >= 0) | (score == likeliest[bag])
    return w * _scale()


def _scale() -> np.ndarray:
    return np.r_[np.ones(PLACES), np.full(PLACES, KINDS_WEIGH)]


def _matrix(places: Sequence[np.ndarray]) -> csr_matrix:
    """float64[sentences, 2 * PLACES], without rare features."""
    column = np.concatenate(places)
    value = np.concatenate([values(each) for each in places]) * _scale()[column]
    value[np.bincount(column, minlength=2 * PLACES)[column] < LEAST_SENTENCES] = 0
    return csr_matrix((value, column, np.cumsum([0, *map(len, places)])), shape=(len(places), 2 * PLACES))


def _balanced(weight: np.ndarray, y: np.ndarray) -> np.ndarray:
    attack = y > 0
    share = np.where(attack, ATTACKS_WEIGH / weight[attack].sum(), (1 - ATTACKS_WEIGH) / weight[~attack].sum())
    return weight * share


def _logistic(x: csr_matrix, y: np.ndarray, weight: np.ndarray, start: np.ndarray) -> np.ndarray:
    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        margin = np.clip(y * (x @ w), -50, 50)
        value = float(weight @ np.logaddexp(0, -margin) + RIDGE * w @ w)
        return value, x.T @ (-weight * y / (1 + np.exp(margin))) + 2 * RIDGE * w

    return minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
