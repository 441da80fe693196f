"""What is wrong with a recipe, said so that it can be put right."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class RecipeProblem:
    """One mistake in a recipe: where it stands, and the way out."""

    source: str
    """The file, or ``--set`` with the override."""
    line: int | None
    """Line of the file, from 1."""
    field: str
    """The field as ``--set`` addresses it: ``filters.gopher_quality.word_count.min``; empty: the recipe as a whole."""
    message: str
    """What is wrong, with the value."""
    allowed: str = ""
    """What may stand there."""
    nearest: str | None = None
    """The valid name or value that looks most like what was written."""

    def __str__(self) -> str:
        place = self.source if self.line is None else f"{self.source}:{self.line}"
        parts = [f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"]
        if self.nearest:
            parts.append(f"did you mean {self.nearest}?")
        if self.allowed:
            parts.append(f"allowed: {self.allowed}")
        return "; ".join(parts)


class RecipeError(ValueError):
    """A recipe that cannot be used, with everything that is wrong with it, one line each, in the file's order."""

    def __init__(self, problems: Sequence[RecipeProblem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line is None, problem.line)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: object, names: Iterable[str]) -> str | None:
    """The name most like ``word``, None if none is like it."""
    return next(iter(difflib.get_close_matches(str(word), list(names), n=1)), None)


def address(path: Sequence[str | int], data: object) -> str:
    """A path into a recipe's data as ``--set`` takes it; a step is named by its name or type where that is enough."""
    text = ""
    for key in path:
        if isinstance(key, int):
            siblings = [label(item) for item in data] if isinstance(data, list) else []
            name = siblings[key] if key < len(siblings) else None
            text += f".{name}" if name and siblings.count(name) == 1 else f"[{key}]"
        else:
            text += f".{key}" if text else key
        data = child(data, key)
    return text


def label(item: object) -> str | None:
    """How a step in a list may be called: by its name, else by its type."""
    name = (item.get("name") or item.get("type")) if isinstance(item, dict) else None
    return name if isinstance(name, str) else None


def child(data: object, key: str | int) -> object:
    """What lies under ``key`` in a mapping or list, None if nothing does."""
    if isinstance(data, dict):
        return data.get(key)
    if isinstance(data, list) and isinstance(key, int) and key < len(data):
        return data[key]
    return None
