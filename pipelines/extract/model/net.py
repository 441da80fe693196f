"""A small convolutional net over the blocks of a page, which learns what trees cannot: how blocks go together.

Depthwise and pointwise convolutions in turn (Chollet 2017, https://arxiv.org/abs/1610.02357), each twice as wide as the
one before, with a view of the whole page in the middle. Everything that is multiplied lies on a grid so coarse that all
sums of products are exact in float32, in any order: the same page has the same logits on every processor.
"""

import math
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from filters.kernel import approximate, kernel
from pipelines.extract.model.trees import Features, Probabilities

Floats = npt.NDArray[np.float32]
Words = npt.NDArray[np.int32]

LAYERS: Final = 4
TAPS: Final = 5
MIDDLE: Final = 2
"""The layer before which each block is told of the whole page."""
INPUT_STEP: Final = np.float32(1 / 64)
INPUT_LIMIT: Final = np.float32(4)
STEP: Final = np.float32(1 / 32)
LIMIT: Final = np.float32(16)
WEIGHT_STEP: Final = np.float32(1 / 256)
MOST: Final = 64
"""Sum of the sizes of the weights that lead to one unit, below this: 64 * 256 times 16 * 32 is 2^23, which is exact."""
_ONE: Final = np.float32(1).view(np.int32)


class Net(NamedTuple):
    """Weights, float32, on a grid of WEIGHT_STEP but for ``mean``, ``scale`` and the biases.

    With F features and H hidden units: ``mean``, ``scale`` [F]; ``enter`` [H, F]; ``kernels`` [LAYERS, TAPS, H];
    ``mix`` [LAYERS, H, H]; ``page`` [H, 2H]; ``leave`` [H, H]; ``last`` [1, H]; for each a bias of as many values as
    come out, but none for the kernels. The last axis is the one that is summed over.
    """

    mean: Floats
    scale: Floats
    enter: Floats
    enter_bias: Floats
    kernels: Floats
    mix: Floats
    mix_bias: Floats
    page: Floats
    page_bias: Floats
    leave: Floats
    leave_bias: Floats
    last: Floats
    last_bias: Floats


@kernel
def net_probabilities(net: Net, rows: Features, words: Words, likely: Probabilities) -> Probabilities:
    """float32[blocks]: the chance that each block is content.

    ``rows`` is float32[blocks, F], finite; ``words`` (int32[blocks]) the length of each block; ``likely``
    (float32[blocks]) what the first stage says.
    """
    result = np.empty(len(rows), np.float32)
    if len(rows) > 0:
        logits = net_logits(net, rows, words, likely)
        for block in range(len(rows)):
            result[block] = 1 / (1 + math.exp(-logits[block]))
    return result


@kernel
def net_logits(net: Net, rows: Features, words: Words, likely: Probabilities) -> Floats:
    """float32[blocks]: the log-odds of ``net_probabilities``, for at least one block."""
    hidden = _relu(_dense(standardise(rows, net.mean, net.scale), net.enter), net.enter_bias)
    page = np.zeros(len(rows), np.int32)
    for layer in range(LAYERS):
        if layer == MIDDLE:
            hidden += _relu(_dense(on_grid(page_view(hidden, words, likely)), net.page), net.page_bias)
        mixed = on_grid(depthwise(on_grid(hidden), net.kernels[layer], 1 << layer, page))
        hidden += _relu(_dense(mixed, net.mix[layer]), net.mix_bias[layer])
    left = on_grid(_relu(_dense(on_grid(hidden), net.leave), net.leave_bias))
    return _dense(left, net.last)[:, 0] + net.last_bias[0]


@kernel
def standardise(rows: Features, mean: Floats, scale: Floats) -> Floats:
    """float32, like ``rows``: ``logarithm`` of each value, less its mean, times its scale, on the inputs' grid."""
    result = logarithm(rows)
    for block in range(len(rows)):
        for column in range(rows.shape[1]):
            held = (result[block, column] - mean[column]) * scale[column]
            held = min(max(held, -INPUT_LIMIT), INPUT_LIMIT)
            result[block, column] = np.rint(held / INPUT_STEP) * INPUT_STEP
    return result


@kernel
def logarithm(values: Floats) -> Floats:
    """float32[rows, columns], like ``values``: log2(1 + |x|) with the sign of x, straight between powers of two.

    A float's bits, read as an integer, are that: no library's logarithm, whose last bit differs between machines.
    """
    result = np.abs(values) + np.float32(1)
    bits = result.view(np.int32)
    for row in range(values.shape[0]):
        for column in range(values.shape[1]):
            size = np.float32(bits[row, column] - _ONE) * np.float32(2**-23)
            result[row, column] = size if values[row, column] >= 0 else -size
    return result


@kernel
def on_grid(values: Floats) -> Floats:
    """float32, like ``values`` [rows, units]: within LIMIT, on a grid of STEP."""
    result = np.empty_like(values)
    for row in range(values.shape[0]):
        for unit in range(values.shape[1]):
            result[row, unit] = np.rint(min(max(values[row, unit], -LIMIT), LIMIT) / STEP) * STEP
    return result


@kernel
def _dense(values: Floats, weights: Floats) -> Floats:
    """float32[rows, outputs]: ``values`` [rows, inputs] by ``weights`` [outputs, inputs]."""
    result = np.empty((len(values), len(weights)), np.float32)
    _multiply(values, weights, result)
    return result


@approximate
def _multiply(values: Floats, weights: Floats, result: Floats) -> None:
    """``_dense``, into ``result``: two outputs of four rows at a time, so that what is loaded serves several sums.

    Sums are exact, so the compiler may take them in any order.
    """
    for row in range(0, len(values) - 3, 4):
        for output in range(0, len(weights) - 1, 2):
            _four_by_two(
                values[row : row + 4], weights[output : output + 2], result[row : row + 4, output : output + 2]
            )
    for row in range(len(values)):
        is_done = row < len(values) - len(values) % 4
        for output in range(len(weights) - len(weights) % 2 if is_done else 0, len(weights)):
            total = np.float32(0)
            for place in range(values.shape[1]):
                total += values[row, place] * weights[output, place]
            result[row, output] = total


@approximate
def _four_by_two(values: Floats, weights: Floats, result: Floats) -> None:
    """The products of four rows and two outputs."""
    a0 = a1 = b0 = b1 = c0 = c1 = d0 = d1 = np.float32(0)
    for place in range(values.shape[1]):
        first, second = weights[0, place], weights[1, place]
        a, b, c, d = values[0, place], values[1, place], values[2, place], values[3, place]
        a0 += a * first
        a1 += a * second
        b0 += b * first
        b1 += b * second
        c0 += c * first
        c1 += c * second
        d0 += d * first
        d1 += d * second
    result[0, 0], result[1, 0], result[2, 0], result[3, 0] = a0, b0, c0, d0
    result[0, 1], result[1, 1], result[2, 1], result[3, 1] = a1, b1, c1, d1


@kernel
def _relu(values: Floats, bias: Floats) -> Floats:
    """``values`` [rows, units], changed in place: with ``bias`` [units], and nothing below zero."""
    for row in range(values.shape[0]):
        for unit in range(values.shape[1]):
            values[row, unit] = max(values[row, unit] + bias[unit], np.float32(0))
    return values


@kernel
def depthwise(hidden: Floats, kernel: Floats, dilation: int, page: Words) -> Floats:
    """float32, like ``hidden`` [blocks, H]: of each unit, TAPS blocks ``dilation`` apart, weighted by ``kernel``
    [TAPS, H]. ``page`` (int32[blocks]) is the page of each block: others than its own count as zero."""
    result = np.zeros_like(hidden)
    for block in range(len(hidden)):
        for tap in range(TAPS):
            other = block + (tap - TAPS // 2) * dilation
            if 0 <= other < len(hidden) and page[other] == page[block]:
                for unit in range(hidden.shape[1]):
                    result[block, unit] += kernel[tap, unit] * hidden[other, unit]
    return result


@kernel
def page_view(hidden: Floats, words: Words, likely: Probabilities) -> Floats:
    """float32[1, 2H]: the mean of ``hidden`` [blocks, H] over the words of a page, and over those likely content."""
    count = hidden.shape[1]
    sums = np.zeros((2, count), np.float64)
    weights = np.full(2, 1e-6, np.float64)
    for block in range(len(hidden)):
        weight = words[block] + 1.0
        shares = (weight, weight * likely[block])
        for view in range(2):
            weights[view] += shares[view]
            for unit in range(count):
                sums[view, unit] += shares[view] * hidden[block, unit]
    result = np.empty((1, 2 * count), np.float32)
    for view in range(2):
        for unit in range(count):
            result[0, view * count + unit] = sums[view, unit] / weights[view]
    return result
