"""A row of a benchmark file as an item: which field holds what."""

from collections.abc import Iterable, Mapping, Sequence

from pipelines.decontaminate.errors import BenchmarkError
from pipelines.read.decode import remove_unsafe
from schemas.benchmark import BenchmarkColumns, BenchmarkItem

Row = Mapping[str, object]

_TEXT_KEYS = ("text", "content", "value", "label")
"""Where a choice, an answer or a turn of a dialogue keeps its text."""


def row_to_item(row: Row, place: str, columns: BenchmarkColumns, defaults: Mapping[str, str]) -> BenchmarkItem:
    """The item in a row. ``place`` names file and row; ``defaults`` gives suite, item_id and what a row may not say.

    Raises BenchmarkError: no question, or a field that holds no text.
    """
    question = _first(row, columns.question)
    if question is None:
        raise BenchmarkError(
            f"{place}: no question: none of the fields {', '.join(columns.question)} is there and not null; the row "
            f"has {', '.join(row) or 'no fields'}. Name the right one: --question FIELD"
        )
    name, value = question
    return BenchmarkItem(
        question="\n".join(_texts(value, f"{place}, field {name}")),
        choices=tuple(text for field in columns.choices for text in _choices(row, field, place)),
        answers=_answers(row, columns.answers, place),
        **_names(row, place, columns, defaults),
    )


def _names(row: Row, place: str, columns: BenchmarkColumns, defaults: Mapping[str, str]) -> dict[str, str]:
    """Suite, subtask, split, revision and id: those of the row, else the defaults."""
    names = dict(defaults)
    for field in ("suite", "subtask", "split", "revision", "item_id"):
        if found := _first(row, getattr(columns, field)):
            names[field] = " ".join(_texts(found[1], f"{place}, field {found[0]}")) or names.get(field, "")
    return names


def _choices(row: Row, field: str, place: str) -> Sequence[str]:
    value = _get(row, field)
    if isinstance(value, Mapping) and not any(key in value for key in _TEXT_KEYS):
        value = list(value.values())  # {"A": "a marsh", "B": ...}
    return () if value is None else _texts(value, f"{place}, field {field}")


def _answers(row: Row, fields: Iterable[str], place: str) -> tuple[str, ...]:
    found = _first(row, fields)
    return tuple(dict.fromkeys(_texts(found[1], f"{place}, field {found[0]}"))) if found else ()


def _texts(value: object, place: str) -> list[str]:
    """The texts in a value: a text, a number, lists of them, or structs with one; none of null."""
    if value is None:
        return []
    if isinstance(value, str):
        return [remove_unsafe(value)]
    if isinstance(value, bool | int | float):
        return [str(value)]
    if isinstance(value, Sequence):
        return [text for each in value for text in _texts(each, place)]
    if isinstance(value, Mapping):
        key = next((key for key in _TEXT_KEYS if value.get(key) is not None), None)
        if key is not None:
            return _texts(value[key], place)
        found = f"an object of {', '.join(map(str, value)) or 'nothing'}"
    else:
        found = f"a {type(value).__name__}"
    raise BenchmarkError(f"{place}: {found} is no text; name another field, such as --question a.b for b within a")


def _first(row: Row, names: Iterable[str]) -> tuple[str, object] | None:
    """The first named field that is there and not null, with its name."""
    return next(((name, value) for name in names if (value := _get(row, name)) is not None), None)


def _get(row: Row, name: str) -> object:
    """A field, or what lies under a path with dots; None where there is none."""
    if name in row:
        return row[name]
    outer, dot, inner = name.partition(".")
    below = row.get(outer)
    return _get(below, inner) if dot and isinstance(below, Mapping) else None
