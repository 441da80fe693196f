"""pydantic's errors as problems of a recipe: with line, value, what is allowed and the nearest valid name."""

from collections.abc import Sequence
from typing import cast

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.recipe.error import RecipeProblem, address, child, nearest
from schemas.recipe.overrides import Override
from schemas.recipe.shape import Shape
from schemas.recipe.yaml_source import Path, YamlSource

_KEY_ITSELF = "[key]"
"""What pydantic adds to the place of a key that is wrong as such."""


class Locator:
    """Where each place of a recipe was written: in which line of the file, or in which override."""

    def __init__(self, file: str, source: YamlSource, overrides: Sequence[Override], data: object) -> None:
        self._file, self._source, self._overrides, self._data = file, source, overrides, data

    def problem(self, path: Path, message: str, allowed: str = "", near: str | None = None) -> RecipeProblem:
        """A problem at ``path``."""
        field = address(path, self._data)
        override = self.override(path)
        if override is not None:
            return RecipeProblem(override.source, None, field, message, allowed, near)
        return RecipeProblem(self._file, self._source.line(path), field, message, allowed, near)

    def override(self, path: Path) -> Override | None:
        """The last override that wrote this place, or a part of it."""
        related = (o for o in reversed(self._overrides) if _prefix(o.path, path) or _prefix(path, o.path))
        return next(related, None)


def explain(error: ValidationError, data: object, shape: Shape, locator: Locator) -> list[RecipeProblem]:
    """Every problem that ``error`` holds, in the order of the fields; one a place."""
    problems: dict[Path, RecipeProblem] = {}
    for detail in error.errors():
        path = _place(detail["loc"], data)
        if path not in problems:
            problems[path] = _explain_one(detail, path, data, shape, locator)
    return list(problems.values())


def _explain_one(detail: ErrorDetails, path: Path, data: object, shape: Shape, locator: Locator) -> RecipeProblem:
    parent = shape.at(path[:-1], data)
    place = shape.at(path, data)
    value = _show(detail["input"])
    match detail["type"]:
        case "extra_forbidden":
            names = parent.names(_at(path[:-1], data))
            message = f"no such field (value {value})"
            return locator.problem(path, message, ", ".join(names), nearest(path[-1], names))
        case "missing":
            return locator.problem(path, "missing", place.describe())
        case "union_tag_not_found":
            return locator.problem(path, f"{value} does not say which it is", place.describe())
        case "union_tag_invalid":
            tag = cast(str, detail["ctx"]["tag"])  # pyright: ignore[reportTypedDictNotRequiredAccess]
            field = cast(str, detail["ctx"]["discriminator"]).strip("'")  # pyright: ignore[reportTypedDictNotRequiredAccess]
            return locator.problem((*path, field), f"{tag!r}", ", ".join(place.tags()), nearest(tag, place.tags()))
        case "value_error":
            return locator.problem(path, detail["msg"].removeprefix("Value error, "))
    return locator.problem(path, f"wrong value {value}", place.describe(), nearest(detail["input"], place.values()))


def _place(loc: tuple[str | int, ...], data: object) -> Path:
    """The place that an error's location means: without the names of union members that pydantic puts in."""
    path: Path = ()
    tag_passed = False
    for part in loc:
        is_tag = isinstance(data, dict) and part in (data.get("type"), data.get("engine")) and not tag_passed
        if is_tag:
            tag_passed = True
        elif part == _KEY_ITSELF:
            break
        elif (isinstance(data, dict) and isinstance(part, str)) or (isinstance(data, list) and isinstance(part, int)):
            path, data, tag_passed = (*path, part), child(data, part), False
    return path


def _at(path: Path, data: object) -> object:
    for key in path:
        data = child(data, key)
    return data


def _show(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _prefix(first: Path, second: Path) -> bool:
    return second[: len(first)] == first
