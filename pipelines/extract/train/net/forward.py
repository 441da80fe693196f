"""What the net computes (model/net.py), for the blocks of many pages at once, with gradients and without a grid."""

# autograd fills its namespace when it is imported, which no type checker sees.
# pyright: reportAttributeAccessIssue=false

from dataclasses import dataclass
from typing import cast

import autograd.numpy as anp
import numpy as np
import numpy.typing as npt
from autograd.extend import defvjp, primitive

from filters.kernel import kernel
from pipelines.extract.model import net

Floats = npt.NDArray[np.float32]
Weights = dict[str, Floats]
"""The fields of ``model.net.Net`` that are learned, by their names."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pages one behind the other."""

    inputs: Floats
    """float32[blocks, F], standardised."""
    page: npt.NDArray[np.int32]
    """int32[blocks]: which page each is of, from 0."""
    views: tuple[Floats, Floats]
    """float32[pages, blocks] each: the shares that blocks have in what is seen of their page; model/net.py."""


def initial(features: int, units: int, random: np.random.Generator) -> Weights:
    """Weights to begin with (He et al. 2015, https://arxiv.org/abs/1502.01852)."""

    def normal(*shape: int, inputs: int) -> Floats:
        return random.normal(0, np.sqrt(1 / inputs), shape).astype(np.float32)

    layers, taps = net.LAYERS, net.TAPS
    return {
        "enter": normal(features, units, inputs=features), "enter_bias": np.zeros(units, np.float32),
        "kernels": normal(layers, taps, units, inputs=taps),
        "mix": normal(layers, units, units, inputs=units), "mix_bias": np.zeros((layers, units), np.float32),
        "page": normal(2 * units, units, inputs=2 * units), "page_bias": np.zeros(units, np.float32),
        "leave": normal(units, units, inputs=units), "leave_bias": np.zeros(units, np.float32),
        "last": normal(units, 1, inputs=units), "last_bias": np.zeros(1, np.float32),
    }  # fmt: skip


def forward(weights: Weights, batch: Batch, drop: float, random: np.random.Generator) -> Floats:
    """float32[blocks]: log-odds. Of the hidden units, a share of ``drop`` is left out at random."""
    hidden = _relu(batch.inputs @ weights["enter"] + weights["enter_bias"])
    for layer in range(net.LAYERS):
        if layer == net.MIDDLE:
            seen = anp.concatenate([view @ hidden for view in batch.views], axis=1)
            hidden = hidden + _relu(seen @ weights["page"] + weights["page_bias"])[batch.page]
        mixed = depthwise(hidden, weights["kernels"][layer], 1 << layer, batch.page)
        added = _relu(mixed @ weights["mix"][layer] + weights["mix_bias"][layer])
        hidden = hidden + added * kept(added.shape, drop, random)
    left = _relu(hidden @ weights["leave"] + weights["leave_bias"])
    left = left * kept(left.shape, drop, random)
    return cast(Floats, left @ weights["last"] + weights["last_bias"])[:, 0]


def kept(shape: tuple[int, ...], drop: float, random: np.random.Generator) -> Floats:
    """float32[shape]: 0 for a share of ``drop``, and for the others what makes up for them."""
    chosen = (random.random(shape, np.float32) >= drop).astype(np.float32)
    return np.multiply(chosen, 1 / (1 - drop), dtype=np.float32)


def _relu(values: Floats) -> Floats:
    return cast(Floats, anp.maximum(values, np.float32(0)))


@primitive
def depthwise(hidden: Floats, kernel: Floats, dilation: int, page: npt.NDArray[np.int32]) -> Floats:
    """``model.net.depthwise``, with a gradient."""
    return net.depthwise(hidden, kernel, dilation, page)


@kernel
def _kernel_gradient(
    gradient: Floats, hidden: Floats, dilation: int, page: npt.NDArray[np.int32]
) -> npt.NDArray[np.float64]:
    """float64[TAPS, H]: how much each tap of a kernel has to do with the loss."""
    result = np.zeros((net.TAPS, hidden.shape[1]), np.float64)
    for block in range(len(hidden)):
        for tap in range(net.TAPS):
            other = block + (tap - net.TAPS // 2) * dilation
            if 0 <= other < len(hidden) and page[other] == page[block]:
                for unit in range(hidden.shape[1]):
                    result[tap, unit] += gradient[block, unit] * hidden[other, unit]
    return result


defvjp(
    depthwise,
    # What a block gave to those around it comes back from them: the same taps, in reverse.
    lambda _, hidden, kernel, dilation, page: (
        lambda gradient: net.depthwise(
            np.ascontiguousarray(gradient), np.ascontiguousarray(kernel[::-1]), dilation, page
        )
    ),
    lambda _, hidden, kernel, dilation, page: (
        lambda gradient: _kernel_gradient(np.ascontiguousarray(gradient), hidden, dilation, page).astype(kernel.dtype)
    ),
    argnums=(0, 1),
)
