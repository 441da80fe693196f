"""From the F1 that a model expects to the one that pages had: isotonic regression."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]


def calibrate(expected: Floats, actual: Floats, points: int = 40) -> Floats:
    """float32[2, points at most]: expected F1, rising, and the mean F1 of pages with it, never falling.

    Pool adjacent violators (Ayer et al. 1955) over groups of pages of similar expectation.
    """
    order = np.argsort(expected, kind="stable")
    groups = [group for group in np.array_split(order, min(points, len(order))) if len(group)]
    pools: list[tuple[float, int]] = []
    sizes: list[int] = []
    for group in groups:
        value, count, size = float(actual[group].mean()), len(group), 1
        while pools and pools[-1][0] > value:
            other, others = pools.pop()
            value = (value * count + other * others) / (count + others)
            count += others
            size += sizes.pop()
        pools.append((value, count))
        sizes.append(size)
    level = [value for (value, _), size in zip(pools, sizes, strict=True) for _ in range(size)]
    return np.array([[expected[group].mean() for group in groups], level], np.float32)
