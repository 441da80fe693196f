"""The Arrow schema of a pydantic model: one definition, two forms."""

import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
from pydantic import BaseModel
from pydantic.fields import FieldInfo

_SCALARS: Mapping[object, pa.DataType] = {
    str: pa.string(),
    int: pa.int64(),
    float: pa.float64(),
    bool: pa.bool_(),
    datetime: pa.timestamp("us", tz="UTC"),
}


@dataclass(frozen=True)
class ArrowType:
    """Annotation that chooses another Arrow type than usual: ``Annotated[str, ArrowType(pa.large_string())]``."""

    dtype: pa.DataType


def arrow_schema(model: type[BaseModel]) -> pa.Schema:
    """The Arrow schema of ``model``: a field each, nullable if it may be None, its docstring in the field's metadata.

    Raises TypeError for a field without an Arrow form, naming it.
    """
    return pa.schema([arrow_field(name, field, model) for name, field in model.model_fields.items()])


def arrow_field(name: str, field: FieldInfo, model: type[BaseModel]) -> pa.Field:
    """One field of ``model`` as an Arrow field."""
    chosen = _chosen(field.metadata)
    try:
        annotation, nullable = _without_none(field.annotation)
        dtype = arrow_type(annotation) if chosen is None else chosen
    except TypeError as error:
        raise TypeError(f"{model.__name__}.{name}: {error}") from error
    metadata = {"description": " ".join(field.description.split())} if field.description else None
    return pa.field(name, dtype, nullable=nullable, metadata=metadata)


def arrow_type(annotation: object) -> pa.DataType:
    """The Arrow type of a type annotation: scalars, literals of strings, sequences, and models as structs.

    Raises TypeError for an annotation without an Arrow form.
    """
    if annotation in _SCALARS:
        return _SCALARS[annotation]
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        chosen = _chosen(arguments[1:])
        return arrow_type(arguments[0]) if chosen is None else chosen
    if origin is typing.Literal and all(isinstance(value, str) for value in arguments):
        return pa.string()
    if origin in (list, tuple):
        item, nullable = _without_none(arguments[0])
        return pa.list_(pa.field("element", arrow_type(item), nullable=nullable))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return pa.struct(list(arrow_schema(annotation)))
    raise TypeError(f"no Arrow type for {annotation!r}")


def _chosen(metadata: Iterable[object]) -> pa.DataType | None:
    return next((item.dtype for item in metadata if isinstance(item, ArrowType)), None)


def _without_none(annotation: object) -> tuple[object, bool]:
    """``X | None`` as ``(X, True)``, any other annotation as ``(annotation, False)``."""
    if typing.get_origin(annotation) not in (types.UnionType, typing.Union):
        return annotation, False
    members = [member for member in typing.get_args(annotation) if member is not type(None)]
    if len(members) != 1:
        raise TypeError(f"no Arrow type for {annotation!r}")
    return members[0], True
