"""Runs the steps of a recipe over a batch: every step measures, some edit the text, none drops."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from filters.batch import Batch, Measure, Measurement
from filters.decide import Rule, failing
from schemas.step import Step


@dataclass(frozen=True)
class PreparedStep:
    """A step with its measure ready to compute."""

    step: Step
    measure: Measure


@dataclass(frozen=True)
class Measured:
    """What all steps say of a batch; every array has the batch's length.

    ``signals`` maps a namespace to its struct, ``text`` is the text after the steps that edit it (null where it is
    unchanged), ``details`` maps a rule's code to its explanations.
    """

    signals: dict[str, pa.StructArray]
    text: pa.LargeStringArray
    language: pa.StringArray
    details: dict[str, pa.StringArray]


def measure_steps(batch: Batch, steps: Sequence[PreparedStep], measure_all: bool) -> Measured:
    """Measure the steps in order.

    A step that gates (language) ends the measuring of the documents it drops, and a model measures only what all
    earlier rules keep, unless ``measure_all``.
    """
    count = len(batch)
    rows = np.arange(count)
    alive = np.ones(count, dtype=bool)
    signals: dict[str, pa.StructArray] = {}
    details: dict[str, pa.StringArray] = {}
    text, language = batch.text, batch.language
    for prepared in steps:
        step = prepared.step
        part, part_rows = batch, rows
        if step.is_model and not measure_all and not alive[rows].all():
            inside = np.flatnonzero(alive[rows])
            part, part_rows = batch.take(inside), rows[inside]
        if not len(part):
            signals[step.space] = pa.nulls(count, pa.struct([pa.field(s.name, s.dtype) for s in step.signals]))
            continue
        found = prepared.measure(part)
        signals[step.space] = _struct(step, found, part_rows, count)
        for name, explained in found.detail.items():
            details[f"{step.space}.{name}"] = _scatter(explained, part_rows, count)
        if found.text is not None:
            text = _overlay(text, found.text, part_rows)
            batch = batch.with_text(text.take(pa.array(rows)))
        if found.language is not None:
            language = _overlay(language, found.language, part_rows)
            batch = batch.with_language(language.take(pa.array(rows)))
        broken = _broken(step, signals[step.space])
        alive &= ~broken
        if step.gates and not measure_all and broken.any():
            inside = np.flatnonzero(~broken[rows])
            batch, rows = batch.take(inside), rows[inside]
    return Measured(signals, text, language, details)


def _broken(step: Step, values: pa.StructArray) -> np.ndarray:
    rules = [Rule(code, bound) for code, bound in step.rules().items()]
    broken = [failing(pc.struct_field(values, rule.path[1]), rule) for rule in rules]
    return np.logical_or.reduce(broken) if broken else np.zeros(len(values), dtype=bool)


def _struct(step: Step, found: Measurement, rows: np.ndarray, count: int) -> pa.StructArray:
    arrays = [_scatter(found.signals[s.name].cast(s.dtype), rows, count) for s in step.signals]
    return pa.StructArray.from_arrays(arrays, fields=[pa.field(s.name, s.dtype) for s in step.signals])


def _scatter(values: pa.Array, rows: np.ndarray, count: int) -> pa.Array:
    """Values of the documents at ``rows`` as an array over all documents, null elsewhere."""
    if len(rows) == count:
        return values
    where = np.zeros(count, dtype=np.int64)
    where[rows] = np.arange(len(rows))
    missing = np.ones(count, dtype=bool)
    missing[rows] = False
    return values.take(pa.array(where, mask=missing))


def _overlay(old: pa.Array, new: pa.Array, rows: np.ndarray) -> pa.Array:
    """``old`` with the values at ``rows`` replaced by ``new``."""
    if len(rows) == len(old):
        return new
    changed = np.zeros(len(old), dtype=bool)
    changed[rows] = True
    return pc.if_else(pa.array(changed), _scatter(new, rows, len(old)), old)
