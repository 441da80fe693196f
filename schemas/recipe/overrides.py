"""Settings given beside the recipe: ``--set filters.gopher_quality.word_count.min=20``."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from schemas.recipe.error import RecipeProblem, address, child, label, nearest
from schemas.recipe.shape import Shape
from schemas.recipe.yaml_source import Path, YamlError, parse_yaml

_PATH = re.compile(r"[\w/-]+(\[\d+\])*(\.[\w/-]+(\[\d+\])*)*")
_KEY = re.compile(r"\[(\d+)\]|([\w/-]+)")

Data = dict[str, object]


@dataclass(frozen=True)
class Override:
    """One ``--set``: its text, and the place that it changed."""

    text: str
    path: Path

    @property
    def source(self) -> str:
        """How an error names it."""
        return f"--set {self.text}"


class OverrideError(ValueError):
    """An override that names no place, or whose text is no ``key=value``."""

    def __init__(self, problem: RecipeProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


def apply_override(data: Data, text: str, shape: Shape) -> Override:
    """Set one value in ``data``, in place; ``text`` is ``key.sub[0].x=value``, its value in YAML.

    A step is addressed by its position, name or type. What the recipe leaves out is filled with the default on the way,
    so that ``word_count.min=20`` keeps the default ``max``. Raises OverrideError.
    """
    left, equals, right = text.partition("=")
    if not equals or not _PATH.fullmatch(left.strip()):
        raise _problem(text, "", "not of the form key.sub[0].x=value")
    try:
        value = parse_yaml(right).data
    except YamlError as error:
        raise _problem(text, left, f"value {right}: {error}") from error
    place: object = data
    path: Path = ()
    keys = [int(number) if number else name for number, name in _KEY.findall(left)]
    for step, name in enumerate(keys):
        key = _key(text, place, name, path, data)
        inner, path = shape.below(key, place), (*path, key)
        if step == len(keys) - 1:
            cast(dict[str | int, object], place)[key] = value  # or a list: _key has checked that it has such a place
        else:
            place, shape = _enter(place, key, inner), inner
    return Override(text, path)


def _enter(place: object, key: str | int, inner: Shape) -> object:
    """What stands under ``key``, filled with its default, or an empty mapping, if nothing does."""
    found = child(place, key)
    if found is None and isinstance(place, dict):
        found = place[key] = copy.deepcopy(inner.default) if inner.default is not None else {}
    return found


def _key(text: str, place: object, key: str | int, path: Path, data: Data) -> str | int:
    """The key or position that ``key`` means at ``place``. Raises OverrideError if it can mean none."""
    here = address(path, data)
    if isinstance(place, dict) and isinstance(key, str):
        return key
    if isinstance(place, list):
        return _position(text, place, key, here)
    if isinstance(place, dict):
        raise _problem(text, here, f"has no position {key}, it is a mapping", place)
    raise _problem(text, here, f"has no field {key}, its value is {place!r}")


def _position(text: str, items: list[object], key: str | int, here: str) -> int:
    names = [label(item) for item in items]
    if isinstance(key, int):
        if key >= len(items):
            raise _problem(text, here, f"has no position {key}: there are {len(items)}", names)
        return key
    found = [
        position
        for position, item in enumerate(items)
        if isinstance(item, dict) and key in (item.get("name"), item.get("type"))
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise _problem(text, here, f"has {len(found)} steps {key}: use a name or a position", found)
    raise _problem(text, here, f"has no step {key}", names, nearest(key, [name for name in names if name]))


def _problem(
    text: str, field: str, message: str, allowed: Sequence[object] | Data = (), near: str | None = None
) -> OverrideError:
    words = ", ".join(str(word) for word in allowed)
    return OverrideError(RecipeProblem(f"--set {text}", None, field, message, words, near))
