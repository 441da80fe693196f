"""Reads a recipe: from a file or by the name of one that comes with Orchard, with overrides."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar, cast

from pydantic import BaseModel, ValidationError

from schemas.recipe import yaml_source
from schemas.recipe.error import RecipeError, RecipeProblem, nearest
from schemas.recipe.explain import Locator, explain
from schemas.recipe.mixture import Mixture
from schemas.recipe.model import Recipe
from schemas.recipe.overrides import Data, Override, OverrideError, apply_override
from schemas.recipe.shape import Shape

if TYPE_CHECKING:
    from schemas.summaries.recipe import SummariesRecipe

ModelT = TypeVar("ModelT", bound=BaseModel)

_ROOT = Path(__file__).resolve().parents[2]
BUILTIN = _ROOT / "recipes"
"""The recipes that come with Orchard."""
LISTS = _ROOT / "filters" / "lists"
"""The lists that come with Orchard: a step finds a relative path there too."""


_SCHEMAS: Mapping[str, str] = {
    "Recipe": "recipe.schema.json",
    "Mixture": "mixture.schema.json",
    "SummariesRecipe": "summaries.schema.json",
}
"""What the first line of a builtin file names for an editor: it tells the kinds of recipes apart."""
_COMMANDS: Mapping[str, str] = {
    "Recipe": "orchard run",
    "Mixture": "orchard mix",
    "SummariesRecipe": "orchard generate",
}
"""What runs each kind."""


def builtin_recipes(model: type[BaseModel] = Recipe) -> list[str]:
    """The names of the recipes of one kind that come with Orchard."""
    return sorted(path.stem for path in BUILTIN.glob("*.yaml") if _kind(path) == model.__name__)


def _kind(file: Path) -> str | None:
    """The kind of recipe that a file's first line names, as those that come with Orchard and their copies do."""
    try:
        with file.open(encoding="utf-8", errors="replace") as lines:
            first = lines.readline()
    except OSError:
        return None  # whoever reads all of it says why it cannot be read
    return next((kind for kind, name in _SCHEMAS.items() if first == f"# yaml-language-server: $schema={name}\n"), None)


def names_a_task(recipe: str) -> bool:
    """Whether a recipe is one of generation: a file that names a task, or the name of such a builtin one."""
    path = Path(recipe) if recipe.endswith((".yaml", ".yml")) or "/" in recipe else BUILTIN / f"{recipe}.yaml"
    return path.is_file() and any(line.startswith("task:") for line in path.read_text(encoding="utf-8").splitlines())


def load_recipe(recipe: str | Path, overrides: Sequence[str] = ()) -> Recipe:
    """Read the recipe of a pipeline and check all of it; see `_load`."""
    return _load(Recipe, recipe, overrides)


def load_mixture(recipe: str | Path, overrides: Sequence[str] = ()) -> Mixture:
    """Read the recipe of a mixture and check all of it; see `_load`."""
    return _load(Mixture, recipe, overrides)


def load_summaries(recipe: str | Path, overrides: Sequence[str] = ()) -> "SummariesRecipe":
    """Read the recipe of summaries and check all of it; see `_load`."""
    # Imported late: a tenth of a second that other recipes need not take.
    from schemas.summaries.recipe import SummariesRecipe  # noqa: PLC0415

    return _load(SummariesRecipe, recipe, overrides)


def _load(model: type[ModelT], recipe: str | Path, overrides: Sequence[str]) -> ModelT:
    """Read a recipe and check all of it.

    ``recipe`` is a path that ends in ``.yaml``, or the name of a builtin one (``fineweb``); ``overrides`` are
    ``key=value`` texts as ``--set`` takes them (see ``apply_override``). Relative paths of files are looked up in the
    recipe's folder (in an override: in the working directory), then among the lists that come with Orchard.
    Raises RecipeError with every problem: file, line, field, value, what is allowed, the nearest valid name.
    """
    file = _find(recipe, model)
    source = _read(file)
    data = source.data
    if not isinstance(data, dict):
        raise RecipeError(
            [RecipeProblem(str(file), 1, "", "the file holds no recipe: write fields such as `name: ...`")]
        )
    applied, problems = _apply(data, overrides, Shape.of(model.model_json_schema())) if overrides else ([], [])
    locator = Locator(str(file), source, applied, data)
    try:
        found = model.model_validate(data)
    except ValidationError as error:
        shape = Shape.of(model.model_json_schema())
        raise RecipeError([*problems, *explain(error, data, shape, locator)]) from error
    found, missing = _with_paths(found, file, locator)
    if problems or missing:
        raise RecipeError([*problems, *missing])
    return found


def _find(recipe: str | Path, model: type[BaseModel]) -> Path:
    """The recipe's file. Raises RecipeError if there is none, or it is for another command."""
    path, names = Path(recipe), builtin_recipes(model)
    is_name = isinstance(recipe, str) and path.suffix not in (".yaml", ".yml") and "/" not in recipe
    file = BUILTIN / f"{recipe}.yaml" if is_name else path
    kind = _kind(file)
    if kind == model.__name__ or (kind is None and not is_name and file.is_file()):
        return file
    problem = "is a folder" if path.is_dir() else "no such recipe" if is_name else "no such file"
    if kind is not None:
        problem = f"is a recipe of `{_COMMANDS[kind]}`, not of `{_COMMANDS[model.__name__]}`"
    allowed = f"a file ending in .yaml, or one of {', '.join(names)}"
    raise RecipeError([RecipeProblem(str(recipe), None, "", problem, allowed, nearest(path.stem, names))])


def _read(file: Path) -> yaml_source.YamlSource:
    try:
        return yaml_source.parse_yaml(file.read_text(encoding="utf-8"))
    except yaml_source.YamlError as error:
        raise RecipeError([RecipeProblem(str(file), error.line, "", str(error))]) from error
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError([RecipeProblem(str(file), None, "", f"cannot be read: {error}")]) from error


def _apply(data: Data, overrides: Sequence[str], shape: Shape) -> tuple[list[Override], list[RecipeProblem]]:
    """Apply the overrides in order; returns those that fit, and the problems of the others."""
    applied: list[Override] = []
    problems: list[RecipeProblem] = []
    for text in overrides:
        try:
            applied.append(apply_override(data, text, shape))
        except OverrideError as error:
            problems.append(error.problem)
    return applied, problems


def _with_paths(recipe: ModelT, file: Path, locator: Locator) -> tuple[ModelT, list[RecipeProblem]]:
    """The recipe with the files of its own folder by absolute paths, and the problems of files that are not there."""
    found: dict[yaml_source.Path, Path] = {}
    problems: list[RecipeProblem] = []
    for place, path in _paths(recipe, ()):
        folder = Path.cwd() if locator.override(place) else file.resolve().parent
        if (folder / path).exists():
            found[place] = folder / path
        elif not (LISTS / path).exists():
            problems.append(locator.problem(place, f"no such file or folder: {folder / path}"))
    return cast(ModelT, _replaced(recipe, (), found)), problems


def _paths(value: object, place: yaml_source.Path) -> Iterator[tuple[yaml_source.Path, Path]]:
    """Every path in a model, with its place."""
    if isinstance(value, Path):
        yield place, value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _paths(getattr(value, name), (*place, name))
    elif isinstance(value, (tuple, list)):
        for position, item in enumerate(value):
            yield from _paths(item, (*place, position))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _paths(item, (*place, key))


def _replaced(value: object, place: yaml_source.Path, found: Mapping[yaml_source.Path, Path]) -> object:
    """``value`` with the paths of ``found`` in their places."""
    if place in found:
        return found[place]
    if not any(path[: len(place)] == place for path in found):
        return value
    if isinstance(value, BaseModel):
        fields = {name: _replaced(getattr(value, name), (*place, name), found) for name in type(value).model_fields}
        return value.model_copy(update=fields)
    if isinstance(value, Mapping):
        return {key: _replaced(item, (*place, key), found) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return type(value)(_replaced(item, (*place, position), found) for position, item in enumerate(value))
    return value
