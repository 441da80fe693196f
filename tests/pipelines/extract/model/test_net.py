"""The net: sums that are exact, a logarithm that is the same everywhere, and pages that stay apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipelines.extract.model import net as nets
from pipelines.extract.model.model_file import shipped_model
from pipelines.extract.model.net import depthwise, logarithm, net_probabilities, on_grid, standardise

FINITE = st.floats(-(2.0**100), 2.0**100, width=32)


def page(blocks: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    width = len(shipped_model().net.mean)
    rows = (random.normal(0, 1, (blocks, width)) * 10.0 ** random.integers(-2, 4, width)).astype(np.float32)
    return rows, random.integers(0, 200, blocks).astype(np.int32), random.random(blocks).astype(np.float32)


@given(arrays.arrays(np.float32, (3, 4), elements=FINITE))
def test_the_logarithm_has_its_powers_rises_and_knows_signs(values):
    result = logarithm(values)
    assert (result == -logarithm(-values)).all()
    assert np.abs(result - np.copysign(np.log2(1 + np.abs(values.astype(np.float64))), values)).max() < 0.09
    order = np.argsort(values.ravel())
    assert (np.diff(result.ravel()[order]) >= 0).all()


def test_the_logarithm_is_exact_at_powers_of_two():
    assert logarithm(np.array([[0, 1, 3, 7, -1023]], np.float32)).tolist() == [[0, 1, 2, 3, -10]]


@given(arrays.arrays(np.float32, (2, 5), elements=FINITE))
def test_what_is_on_the_grid_stays_there(values):
    once = on_grid(values)
    assert (on_grid(once) == once).all()
    assert (np.abs(once) <= nets.LIMIT).all()
    assert (np.rint(once / nets.STEP) * nets.STEP == once).all()
    assert np.abs(once - np.clip(values, -nets.LIMIT, nets.LIMIT)).max() <= nets.STEP / 2


def test_sums_are_exact_in_any_order():
    net = shipped_model().net
    rows, _, _ = page(50)
    inputs = standardise(rows, net.mean, net.scale)
    order = np.random.default_rng(1).permutation(inputs.shape[1])
    exact = inputs.astype(np.float64) @ net.enter.T.astype(np.float64)
    assert (nets._dense(inputs, net.enter) == exact).all()
    assert (nets._dense(inputs[:, order], np.ascontiguousarray(net.enter[:, order])) == exact).all()
    assert (inputs @ net.enter.T == exact).all()


def test_the_shipped_weights_keep_sums_exact():
    net = shipped_model().net
    for name in ("enter", "mix", "page", "leave", "last", "kernels"):
        weights = getattr(net, name)
        assert (np.rint(weights / nets.WEIGHT_STEP) * nets.WEIGHT_STEP == weights).all(), name
        assert np.abs(weights).sum(-2 if name == "kernels" else -1).max() < nets.MOST, name


def test_a_kernel_reaches_as_far_as_its_taps_and_not_beyond_the_page():
    hidden = np.zeros((9, 1), np.float32)
    hidden[4] = 1
    kernel = np.array([[1], [2], [3], [4], [5]], np.float32)
    alone = depthwise(hidden, kernel, 2, np.zeros(9, np.int32))
    assert alone[:, 0].tolist() == [5, 0, 4, 0, 3, 0, 2, 0, 1]
    apart = depthwise(hidden, kernel, 2, np.array([0, 0, 0, 1, 1, 1, 1, 1, 2], np.int32))
    assert apart[:, 0].tolist() == [0, 0, 0, 0, 3, 0, 2, 0, 0]


@pytest.mark.parametrize("blocks", [0, 1, 2, 40, 3000])
def test_any_page_has_probabilities(blocks):
    probability = net_probabilities(shipped_model().net, *page(blocks))
    assert probability.shape == (blocks,)
    assert ((probability >= 0) & (probability <= 1)).all()


def test_neighbours_matter():
    rows, words, likely = page(40)
    changed = rows.copy()
    changed[20] = rows[3]
    before, after = (net_probabilities(shipped_model().net, each, words, likely) for each in (rows, changed))
    assert (before[18:23] != after[18:23]).any()
