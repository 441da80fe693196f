"""A model's value rules as vectorised checks of Arrow columns: one definition for one record and for a million."""

# pyright: reportAttributeAccessIssue=false
# (pyarrow makes the functions of pyarrow.compute when it is imported)

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pydantic import BaseModel

from schemas.arrow import arrow_schema
from schemas.recipe.shape import JsonSchema, Shape


@dataclass(frozen=True)
class Constraint:
    """What the values of one column must be; null values are judged by ``nullable`` alone."""

    path: tuple[str, ...]
    """The column, with the fields inside it."""
    nullable: bool
    limits: JsonSchema
    """JSON Schema keywords: pattern, minLength, minimum, maximum, enum."""

    @property
    def column(self) -> str:
        """The column's name: ``provenance.offset``."""
        return ".".join(self.path)

    def describe(self) -> str:
        """What is expected, in words."""
        forms = {
            "pattern": "like {}",
            "minLength": "at least {} long",
            "minimum": ">= {}",
            "maximum": "<= {}",
            "enum": "out of {}",
        }
        limits = [form.format(self.limits[name]) for name, form in forms.items() if name in self.limits]
        return " and ".join([*limits, *([] if self.nullable else ["not null"])])

    def broken(self, batch: pa.RecordBatch) -> np.ndarray:
        """Positions (int64, ascending) of the rows that break it; ``batch`` has the column, in its contract's type."""
        values: pa.Array = batch.column(self.path[0])
        expected = np.ones(len(batch), dtype=bool)
        for name in self.path[1:]:
            expected &= _dense(values.is_valid())
            values = pc.struct_field(values, name)
        present = _dense(values.is_valid())
        bad = np.zeros(len(batch), dtype=bool) if self.nullable else expected & ~present
        for passed in _passes(values, self.limits):
            bad |= present & ~_dense(pc.fill_null(passed, True))
        return np.flatnonzero(bad)


@cache
def constraints(model: type[BaseModel]) -> tuple[Constraint, ...]:
    """The value rules of ``model``, for every column and every field inside a struct."""
    shape = Shape.of(model.model_json_schema())
    return tuple(_constraints(list(arrow_schema(model)), (), shape))


def _constraints(fields: list[pa.Field], path: tuple[str, ...], shape: Shape) -> Iterator[Constraint]:
    for field in fields:
        inner, here = shape.below(field.name, None), (*path, field.name)
        limits: Mapping[str, object] = {}
        for alternative in inner.alternatives:
            limits = {**limits, **alternative}
        yield Constraint(here, field.nullable, limits)
        if pa.types.is_struct(field.type):
            yield from _constraints(list(field.type), here, inner)


def _passes(values: pa.Array, limits: JsonSchema) -> Iterator[pa.BooleanArray]:
    """For each limit, which values keep it."""
    if "pattern" in limits:
        yield pc.match_substring_regex(values, str(limits["pattern"]))
    if "minLength" in limits:
        yield pc.greater_equal(pc.binary_length(values), limits["minLength"])
    if "minimum" in limits:
        yield pc.greater_equal(values, limits["minimum"])
    if "maximum" in limits:
        yield pc.less_equal(values, limits["maximum"])
    if "enum" in limits:
        yield pc.is_in(values, pa.array(limits["enum"], values.type))


def _dense(values: pa.BooleanArray) -> np.ndarray:
    return values.to_numpy(zero_copy_only=False)
