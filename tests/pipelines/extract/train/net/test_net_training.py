"""The net learns what only a block's surroundings tell, and what is trained is what a model then computes."""

import numpy as np
import pytest

pytest.importorskip("autograd")
from autograd import value_and_grad
from autograd.test_util import check_grads

from pipelines.extract.model.net import net_logits, net_probabilities, on_grid
from pipelines.extract.train.net.fit import TrainingPage, _stack, fit_net
from pipelines.extract.train.net.forward import depthwise, forward, initial
from pipelines.extract.train.net.grid import to_net
from pipelines.extract.train.net.loss import Target, loss
from pipelines.train.errors import TrainingError

FEATURES = 6


def pages(count: int, seed: int) -> list[TrainingPage]:
    """Content is what stands between a block with a mark and the next one: no block's own features say so."""
    random = np.random.default_rng(seed)
    result = []
    for _ in range(count):
        blocks = int(random.integers(12, 40))
        begin, end = sorted(random.choice(blocks, 2, replace=False).tolist())
        rows = random.normal(0, 1, (blocks, FEATURES)).astype(np.float32)
        rows[:, 0] = 0
        rows[begin, 0], rows[end, 0] = 5, -5
        content = np.zeros(blocks, np.float32)
        content[begin : end + 1] = 1
        words = random.integers(5, 50, blocks).astype(np.float32)
        weight = np.full(blocks, 1 / blocks, np.float32)
        result.append(TrainingPage(rows, words, np.full(blocks, 0.5, np.float32), content, weight))
    return result


def moments() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros(FEATURES, np.float32), np.ones(FEATURES, np.float32)


def test_the_gradient_of_a_depthwise_convolution():
    random = np.random.default_rng(0)
    page = np.array([0, 0, 0, 0, 1, 1, 1], np.int32)
    hidden, kernel = random.normal(size=(7, 3)), random.normal(size=(5, 3))
    check_grads(lambda h: depthwise(h, kernel, 2, page), modes=["rev"], order=1)(hidden)
    check_grads(lambda k: depthwise(hidden, k, 1, page), modes=["rev"], order=1)(kernel)


def test_pages_of_a_batch_do_not_see_each_other():
    random = np.random.default_rng(0)
    weights = initial(FEATURES, 8, random)
    held = pages(3, 1)
    together = forward(weights, _stack(held, *moments())[0], 0, random)
    apart = [forward(weights, _stack([one], *moments())[0], 0, random) for one in held]
    assert together == pytest.approx(np.concatenate(apart), abs=1e-5)


def test_a_model_computes_what_was_trained_but_for_the_grid():
    random = np.random.default_rng(3)
    weights = initial(FEATURES, 16, random)
    net = to_net(weights, *moments())
    for one in pages(5, 2):
        batch, _ = _stack([one], *moments())
        trained = forward(weights, batch, 0, random)
        # Training gets logarithms already; here the rows are taken for them, so the model needs their inverse.
        raw = np.copysign(np.exp2(np.abs(one.rows)) - 1, one.rows).astype(np.float32)
        assert net_logits(net, raw, one.words.astype(np.int32), one.likely) == pytest.approx(trained, abs=0.25)


def test_it_learns_what_no_block_says_by_itself():
    net = fit_net(pages(400, 0), epochs=40, seed=0)
    right = []
    for one in pages(100, 1):
        probability = net_probabilities(net, one.rows, one.words.astype(np.int32), one.likely)
        right.append(((probability > 0.5) == (one.content > 0)).mean())
    assert np.mean(right) > 0.9


def test_the_same_pages_and_seed_give_the_same_net():
    one, other, different = (fit_net(pages(20, 0), epochs=1, seed=seed) for seed in (0, 0, 1))
    assert all((a == b).all() for a, b in zip(one, other, strict=True))
    assert (one.mix != different.mix).any()


def test_unknown_blocks_teach_nothing():
    held = pages(1, 0)[0]
    weight = held.weight.copy()
    weight[::2] = 0
    _, target = _stack([TrainingPage(held.rows, held.words, held.likely, held.content, weight)], *moments())
    _, slope = value_and_grad(loss)(np.zeros(len(weight), np.float32), target)
    assert (slope[::2] == 0).all()
    assert (slope[1::2] != 0).all()


def test_the_loss_falls_with_the_f1_of_words():
    words, content = np.array([100, 1], np.float32), np.array([1, 0], np.float32)
    target = Target(content, np.array([0.5, 0.5], np.float32), words, np.ones((1, 2), np.float32))
    sure = np.array([9, -9], np.float32)
    wrong_long, wrong_short = np.array([-9, -9], np.float32), np.array([9, 9], np.float32)
    assert loss(sure, target) < 0.02 < loss(wrong_short, target) < loss(wrong_long, target)


def test_a_net_gone_astray_is_refused():
    weights = initial(FEATURES, 8, np.random.default_rng(0))
    weights["mix"][0] = 100
    with pytest.raises(TrainingError, match="the net has gone astray: weights of a unit sum up to 800"):
        to_net(weights, *moments())


def test_weights_come_on_the_grid():
    net = to_net(initial(FEATURES, 8, np.random.default_rng(0)), *moments())
    assert (on_grid(net.enter * 8) == net.enter * 8).all()
