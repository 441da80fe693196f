"""Groups of documents with equal keys."""

import numpy as np


def survivors_of_groups(keys: tuple[np.ndarray, ...], order: np.ndarray) -> np.ndarray:
    """int64[documents]: the position of the survivor of each document's group, its own where it is alone.

    ``keys`` are one or more arrays[documents] that must all be equal within a group; ``order`` (int64[documents]) has
    the positions in order of survival.
    """
    # A stable sort by key keeps the order of survival within each group.
    by_key = order[np.lexsort(tuple(key[order] for key in reversed(keys)))]
    starts = np.ones(len(by_key), bool)
    for key in keys:
        if key is keys[0]:
            starts[1:] = key[by_key[1:]] != key[by_key[:-1]]
        else:
            starts[1:] |= key[by_key[1:]] != key[by_key[:-1]]
    survivors = np.empty(len(by_key), np.int64)
    survivors[by_key] = by_key[np.flatnonzero(starts)][np.cumsum(starts) - 1]
    return survivors
