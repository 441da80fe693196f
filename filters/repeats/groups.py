"""Rows of an exchange's bucket by key: those whose key occurs again, and sums over them."""

import numpy as np


def repeated_rows(key: np.ndarray) -> np.ndarray:
    """int64: the rows whose key (uint64[rows]) occurs at least twice, equal keys beside each other.

    Takes 16 bytes a row beside the keys.
    """
    order = np.argsort(key)
    same = starts_of(key[order])
    is_single = same & np.append(same[1:], True)
    return order[~is_single]


def starts_of(*keys: np.ndarray) -> np.ndarray:
    """bool[rows]: the row differs from the one before it in one of ``keys``; true for the first."""
    differs = np.ones(len(keys[0]), np.bool_)
    differs[1:] = False
    for key in keys:
        differs[1:] |= key[1:] != key[:-1]
    return differs


def number_within(starts: np.ndarray, within: np.ndarray) -> np.ndarray:
    """int64[rows]: how many of ``starts`` (bool[rows]) there are before the row since the last of ``within``.

    Both are true for the first row, and ``starts`` wherever ``within`` is.
    """
    number = np.cumsum(starts)
    first = np.flatnonzero(within)
    return number - np.repeat(number[first], np.diff(np.append(first, len(within))))


def sums(values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """int64[groups]: the sum of ``values`` (bool or integer) in each of the groups that begin at ``first``."""
    before = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    return before[np.append(first[1:], len(values))] - before[first] if len(first) else np.zeros(0, np.int64)
