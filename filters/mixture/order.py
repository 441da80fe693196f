"""The reading order of a stage: every reading of a document has a time, and all readings are spread over the stage."""

import numpy as np

from filters.mixture.keys import Integers, Keys, as_fractions
from filters.mixture.ring import Arc

TIME_BITS = 53
"""Times are below 2^53."""


def reading_times(chances: Keys, copy: Integers, arc: Arc) -> Keys:
    """uint64: when a stage reads documents for the ``copy``-th time (from 0); ``chances`` as `order_keys` gives them.

    Each pass over a source has its own part of the stage, as long as the pass; within it the order is chance. So the
    mixture is the same from the beginning of a stage to its end, and a document is repeated about a pass later.
    """
    passes = arc.passes
    within = as_fractions(chances) * np.where(copy < arc.turns, 1.0, arc.fraction)
    time = np.clip((copy + within) / passes, 0, np.nextafter(1, 0)) if passes else np.zeros(len(copy))
    return (time * (1 << TIME_BITS)).astype(np.uint64)


def windows(times: Keys, count: int) -> Integers:
    """int64: which of ``count`` equal parts of the stage (less than 2^32) times lie in."""
    return (((times >> np.uint64(TIME_BITS - 32)) * np.uint64(count)) >> np.uint64(32)).astype(np.int64)


def reading_order(times: Keys, keys: Keys, epochs: Integers) -> Integers:
    """int64: positions of readings in the order in which they are read; what is read at one time, by key and epoch."""
    return np.lexsort((epochs, keys, times))
