"""The S-curve: how likely bands and rows are to find a pair of a given Jaccard similarity.

Source: Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, section 3.4.2 (http://www.mmds.org/).
"""

import numpy as np
import numpy.typing as npt

from schemas.recipe.deduplicate import MinHashSettings


def bands_and_rows(settings: MinHashSettings) -> tuple[int, int]:
    """The bands and rows of a recipe: as given, or those that datasketch finds best for its threshold."""
    if settings.bands is not None and settings.rows is not None:
        return settings.bands, settings.rows
    if settings.threshold is None or settings.permutations is None:
        raise ValueError("a recipe gives either bands and rows, or threshold and permutations")
    from datasketch import MinHashLSH  # noqa: PLC0415 (it brings scipy: a second that few recipes need)

    index = MinHashLSH(threshold=settings.threshold, num_perm=settings.permutations)
    return index.b, index.r


def candidate_probability(similarity: npt.ArrayLike, bands: int, rows: int) -> np.ndarray:
    """float64: the probability that a pair with this similarity agrees in all rows of some band."""
    # By logarithms: 1 - s**r rounds to 1 where s**r is tiny.
    agreement = np.asarray(similarity, np.float64) ** rows
    with np.errstate(divide="ignore"):
        return -np.expm1(bands * np.log1p(-agreement))


def half_found(bands: int, rows: int) -> float:
    """The similarity at which every second pair is found, where the curve is steepest or near it."""
    return float((-np.expm1(np.log(0.5) / bands)) ** (1 / rows))


def expected_recall(similarities: npt.ArrayLike, bands: int, rows: int) -> float:
    """The part of pairs with these similarities that is found on average; NaN without pairs."""
    found = candidate_probability(similarities, bands, rows)
    return float(found.mean()) if found.size else float("nan")
