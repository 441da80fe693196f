"""Signals that a step outside the recipe's filters adds to documents."""

from collections.abc import Iterable

import pyarrow as pa

from schemas.signals import Signal


def with_namespace(schema: pa.Schema, name: str, signals: Iterable[Signal]) -> pa.Schema:
    """A schema of documents with a namespace in ``signals``, in place of one of that name that is there already."""
    space = pa.field(name, pa.struct([signal.field() for signal in signals]))
    position = schema.get_field_index("signals")
    if position < 0:
        return schema.append(pa.field("signals", pa.struct([space]), nullable=False))
    spaces = {each.name: each for each in schema.field(position).type} | {name: space}
    return schema.set(position, schema.field(position).with_type(pa.struct(list(spaces.values()))))
