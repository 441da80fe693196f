"""The order of survivors: which of several copies is kept, by the recipe and never by where it lies."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.errors import SettingError
from schemas.recipe.deduplicate import SurvivorKey


def order_columns(documents: pa.RecordBatch, keys: Sequence[SurvivorKey]) -> list[np.ndarray]:
    """A float64 array for each key, of which the lower value survives; what has no value comes last.

    Raises SettingError if the documents have no such signal.
    """
    return [_lower_wins(_values(documents, key), key) for key in keys]


def survivor_order(
    anchor: np.ndarray, columns: Sequence[np.ndarray], upper: np.ndarray, lower: np.ndarray
) -> np.ndarray:
    """int64[documents]: the positions in order of survival.

    Documents of an earlier corpus (``anchor``, bool) come first, then the columns decide (float64, lower first), at
    last ``doc_id`` in two halves (uint64).
    """
    return np.lexsort((lower, upper, *reversed(columns), ~anchor))


def order_bits(values: np.ndarray) -> np.ndarray:
    """uint64[values]: numbers that sort as the values (float64 without NaN) do, none of them 0."""
    bits = (values + 0.0).view(np.uint64)  # -0.0 becomes 0.0, which it equals
    sign = np.uint64(1 << 63)
    return np.where(bits & sign, ~bits, bits | sign)


def _values(documents: pa.RecordBatch, key: SurvivorKey) -> pa.Array:
    if key.by == "retrieved_at":
        return documents.column("retrieved_at").cast(pa.int64())
    if key.by == "text_length":
        return pc.utf8_length(documents.column("text"))
    space, name = key.by.split(".")
    try:
        return pc.struct_field(documents.column("signals"), [space, name])
    except (KeyError, pa.ArrowInvalid) as error:
        raise SettingError(
            f"deduplicate.survivor: the documents have no signal {key.by}; take one that their recipe measures, or "
            "retrieved_at or text_length"
        ) from error


def _lower_wins(values: pa.Array, key: SurvivorKey) -> np.ndarray:
    numbers = values.cast(pa.float64()).fill_null(np.nan).to_numpy(zero_copy_only=False)
    numbers = -numbers if key.prefer == "highest" else numbers
    return np.where(np.isnan(numbers), np.inf, numbers)
