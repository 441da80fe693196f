"""The descent: Adam with decoupled weight decay, and a step that grows and shrinks again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import numpy.typing as npt
from autograd import value_and_grad

from pipelines.extract.model.net import INPUT_LIMIT, Net, logarithm
from pipelines.extract.train.net.forward import Batch, Weights, forward, initial, kept
from pipelines.extract.train.net.grid import to_net
from pipelines.extract.train.net.loss import Target, loss

Floats = npt.NDArray[np.float32]

UNITS = 64
ROWS = 3000
"""Blocks of a batch; a page is never divided."""
STEP, DECAY = 2e-3, 0.02
FIRST_MOMENT, SECOND_MOMENT = 0.9, 0.999
RISING = 0.3
"""Share of the descent in which the step grows (Smith 2018, https://arxiv.org/abs/1803.09820)."""
DROP_FEATURES, DROP_UNITS = 0.2, 0.2
LONGEST = 1.0
"""Norm of a gradient that is followed as it is; longer ones are shortened to it."""


@dataclass(frozen=True, slots=True)
class TrainingPage:
    """One to learn from; float32[blocks] each but ``rows``, float32[blocks, F]."""

    rows: Floats
    words: Floats
    likely: Floats
    content: Floats
    weight: Floats


def fit_net(pages: Sequence[TrainingPage], epochs: int, seed: int) -> Net:
    """The net of ``pages``, each of which has blocks.

    The same pages and seed give the same net on processors of one kind with as many cores: NumPy divides its sums among
    them, which changes last bits. The shipped one is of two cores; ``OPENBLAS_NUM_THREADS`` can ask for fewer.
    """
    random = np.random.default_rng(seed)
    held = [TrainingPage(logarithm(p.rows), p.words, p.likely, p.content, p.weight) for p in pages]
    mean, scale = _moments(held)
    weights = initial(len(mean), UNITS, random)
    descent = _Descent(weights, steps=epochs * len(list(_batches(held, random))))

    def error(weights: Weights, batch: Batch, target: Target) -> Floats:
        return loss(forward(weights, batch, DROP_UNITS, random), target)

    # Its decorator hides from a type checker that it is called with the function alone.
    gradient = cast(Callable[[Weights, Batch, Target], tuple[float, Weights]], value_and_grad(error))  # pyright: ignore[reportCallIssue]
    for _ in range(epochs):
        for chosen in _batches(held, random):
            batch, target = _stack([held[number] for number in chosen], mean, scale)
            inputs = batch.inputs * kept(batch.inputs.shape, DROP_FEATURES, random)
            _, slopes = gradient(weights, Batch(inputs, batch.page, batch.views), target)
            weights = descent.step(weights, slopes)
    return to_net(weights, mean, scale)


class _Descent:
    """AdamW (Loshchilov and Hutter 2019, https://arxiv.org/abs/1711.05101)."""

    def __init__(self, weights: Weights, steps: int) -> None:
        self._first = {name: np.zeros_like(value) for name, value in weights.items()}
        self._second = {name: np.zeros_like(value) for name, value in weights.items()}
        self._steps = steps
        self._at = 0

    def step(self, weights: Weights, slopes: Weights) -> Weights:
        self._at += 1
        norm = np.sqrt(sum(float((slope.astype(np.float64) ** 2).sum()) for slope in slopes.values()))
        shorten = np.float32(min(1.0, LONGEST / max(norm, 1e-12)))
        size = STEP * _cycle(self._at / self._steps)
        result: Weights = {}
        for name, value in weights.items():
            slope = slopes[name] * shorten
            first = FIRST_MOMENT * self._first[name] + (1 - FIRST_MOMENT) * slope
            second = SECOND_MOMENT * self._second[name] + (1 - SECOND_MOMENT) * slope**2
            ahead = first / (1 - FIRST_MOMENT**self._at)
            wide = np.sqrt(second / (1 - SECOND_MOMENT**self._at)) + 1e-8
            result[name] = (value - size * (ahead / wide + DECAY * value)).astype(np.float32)
            self._first[name], self._second[name] = first.astype(np.float32), second.astype(np.float32)
        return result


def _cycle(done: float) -> float:
    """The share of the full step after a share of the descent: up and down by a cosine."""
    place = done / RISING if done < RISING else 1 + (done - RISING) / (1 - RISING)
    return 0.04 + 0.96 * (1 - np.cos(np.pi * place)) / 2 if place < 1 else (1 + np.cos(np.pi * (place - 1))) / 2


def _moments(pages: Sequence[TrainingPage]) -> tuple[Floats, Floats]:
    """float32[F] each: the mean of each input, and what makes its deviation one."""
    rows = np.concatenate([page.rows[::7] for page in pages]).astype(np.float64)
    return rows.mean(0).astype(np.float32), (1 / (rows.std(0) + 1e-3)).astype(np.float32)


def _batches(pages: Sequence[TrainingPage], random: np.random.Generator) -> Iterator[list[int]]:
    """Numbers of pages, in random order, of at most ROWS blocks together (or one page)."""
    chosen: list[int] = []
    rows = 0
    for number in random.permutation(len(pages)).tolist():
        if chosen and rows + len(pages[number].rows) > ROWS:
            yield chosen
            chosen, rows = [], 0
        chosen.append(number)
        rows += len(pages[number].rows)
    if chosen:
        yield chosen


def _stack(pages: Sequence[TrainingPage], mean: Floats, scale: Floats) -> tuple[Batch, Target]:
    page = np.repeat(np.arange(len(pages), dtype=np.int32), [len(one.rows) for one in pages])
    rows, words, likely, content, weight = (
        np.concatenate([getattr(one, name) for one in pages])
        for name in ("rows", "words", "likely", "content", "weight")
    )
    of_page = (page == np.arange(len(pages))[:, None]).astype(np.float32)
    shares = (of_page * (words + 1), of_page * ((words + 1) * likely))
    views = tuple(share / (share.sum(1, keepdims=True) + np.float32(1e-6)) for share in shares)
    inputs = np.clip((rows - mean) * scale, -INPUT_LIMIT, INPUT_LIMIT)
    known = (weight > 0).astype(np.float32)
    return Batch(inputs, page, (views[0], views[1])), Target(content, weight, words * known, of_page)
