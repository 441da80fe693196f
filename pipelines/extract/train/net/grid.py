"""Weights on the grid that makes sums exact (model/net.py)."""

import numpy as np
import numpy.typing as npt

from pipelines.extract.model.net import MOST, WEIGHT_STEP, Net
from pipelines.extract.train.net.forward import Weights
from pipelines.train.errors import TrainingError

Floats = npt.NDArray[np.float32]
BIAS = "_bias"
"""Ends the names of what is added, not multiplied."""


def to_net(weights: Weights, mean: Floats, scale: Floats) -> Net:
    """The net of learned weights, and the moments of its inputs, float32[F] each.

    Raises ``TrainingError`` if weights are too large for exact sums; after a good training they are far from it.
    """
    held = {name: values if name.endswith(BIAS) else on_weight_grid(values) for name, values in weights.items()}
    largest = max(float(np.abs(held[name]).sum(-2).max()) for name in held if not name.endswith(BIAS))
    for name in ("enter", "mix", "page", "leave", "last"):
        held[name] = np.ascontiguousarray(held[name].swapaxes(-1, -2))
    if not largest < MOST:
        raise TrainingError(
            f"the net has gone astray: weights of a unit sum up to {largest:g}, {MOST} at most are allowed"
        )
    return Net(mean=mean, scale=scale, **held)


def on_weight_grid(values: Floats) -> Floats:
    """float32, like ``values``: the nearest of WEIGHT_STEP's multiples."""
    return np.rint(values / WEIGHT_STEP) * WEIGHT_STEP
