"""From signals to verdicts: the first rule that a document fails, vectorised over a batch."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.arrow import arrow_type
from schemas.bounds import Bound
from schemas.document import Verdict

VERDICT_TYPE = arrow_type(Verdict)


@dataclass(frozen=True)
class Rule:
    """One bound as it is applied: percentiles are already values here."""

    code: str
    bound: Bound
    threshold: float | None = None
    """The value of the bound's percentile in this corpus, where it has one."""

    @property
    def path(self) -> tuple[str, str]:
        """Where the value stands: (namespace, signal)."""
        space, signal = self.code.split(".")
        return space, signal


def failing(values: pa.Array, rule: Rule) -> np.ndarray:
    """Which rows break the rule, as a boolean array; nulls (not measured) and an unknown percentile break nothing."""
    known = values.is_valid().to_numpy(zero_copy_only=False)
    numbers = pc.cast(values, pa.float64()).fill_null(0.0).to_numpy(zero_copy_only=False)
    broken = np.zeros(len(numbers), dtype=bool)
    bound = rule.bound
    if bound.min is not None:
        broken |= ~(numbers >= bound.min)
    if bound.max is not None:
        broken |= ~(numbers <= bound.max)
    if bound.above is not None:
        broken |= ~(numbers > bound.above)
    if bound.below is not None:
        broken |= ~(numbers < bound.below)
    if bound.min_percentile is not None and rule.threshold is not None:
        broken |= ~(numbers >= rule.threshold)
    return broken & known


def decide(
    signals: Mapping[str, pa.StructArray],
    rules: Sequence[Rule],
    details: Mapping[str, pa.StringArray],
    stage: str,
    rows: int,
) -> pa.StructArray:
    """The verdict of each of ``rows`` documents: the first rule it fails in the order given, null where it is kept.

    ``signals`` maps a namespace to its struct of measures; ``details`` maps a rule's code to one explanation per
    document (null: none). Returns an array of ``VERDICT_TYPE``.
    """
    first = np.full(rows, -1, dtype=np.int32)
    value = np.zeros(rows, dtype=np.float64)
    for position, rule in enumerate(rules):
        space, name = rule.path
        values = pc.struct_field(signals[space], name)
        new = failing(values, rule) & (first < 0)
        if new.any():
            first[new] = position
            value[new] = pc.cast(values.filter(pa.array(new)), pa.float64()).to_numpy(zero_copy_only=False)
    return _verdicts(first, value, rules, details, stage)


def _verdicts(
    first: np.ndarray, value: np.ndarray, rules: Sequence[Rule], details: Mapping[str, pa.StringArray], stage: str
) -> pa.StructArray:
    kept = first < 0
    index = pa.array(first, mask=kept)
    # Fields that may not be null need a value under a null struct too.
    codes = pa.array([rule.code for rule in rules], pa.string()).take(index).fill_null("")
    bounds = pa.array([describe(rule) for rule in rules], pa.string()).take(index).fill_null("")
    detail = pa.nulls(len(first), pa.string())
    for position, rule in enumerate(rules):
        if rule.code in details:
            detail = pc.if_else(pa.array(first == position), details[rule.code], detail)
    fields = [pa.repeat(stage, len(first)), codes, pa.array(value, mask=kept), bounds, detail]
    return pa.StructArray.from_arrays(fields, fields=list(VERDICT_TYPE), mask=pa.array(kept))


def describe(rule: Rule) -> str:
    """The bound as it was applied, e.g. ``>= p75 (0.183)``."""
    text = rule.bound.describe()
    return text if rule.threshold is None else f"{text} ({rule.threshold:.6g})"
