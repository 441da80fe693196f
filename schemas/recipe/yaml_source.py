"""YAML read with the line of every field, so that an error can name it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import yaml

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a field."""


class YamlError(ValueError):
    """Text that is no YAML, or uses what a recipe must not; ``line`` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True)
class YamlSource:
    """The data of a YAML text, and the line of each of its fields."""

    data: object
    lines: Mapping[Path, int]

    def line(self, path: Path) -> int:
        """The line of a field, or of the nearest field above it that the text has."""
        while path not in self.lines:
            path = path[:-1]
        return self.lines[path]


class _CoreLoader(yaml.SafeLoader):
    """YAML 1.2's core types: ``no`` is the language code it looks like, ``1e-3`` a number, a date is text."""

    yaml_implicit_resolvers: ClassVar = {}


for _tag, _pattern, _first in (
    ("null", "~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", "true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", "[-+]?[0-9]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.inf|\.nan", list("-+.0123456789")),
):
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(f"^(?:{_pattern})$"), _first)


def parse_yaml(text: str) -> YamlSource:
    """Read one YAML document. Raises YamlError for bad syntax, aliases and keys that come twice."""
    try:
        _refuse_aliases(text)
        loader = _CoreLoader(text)
        node = loader.get_single_node()
        lines: dict[Path, int] = {(): 1}
        return YamlSource(None if node is None else _value(loader, node, (), lines), lines)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise YamlError(mark.line + 1 if mark else 1, f"not valid YAML: {error.problem or error.context}") from error
    except (yaml.YAMLError, ValueError) as error:
        if isinstance(error, YamlError):
            raise
        raise YamlError(1, f"not valid YAML: {error}") from error


def _refuse_aliases(text: str) -> None:
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent):
            raise YamlError(event.start_mark.line + 1, f"alias *{event.anchor}: write the value out")


def _value(loader: yaml.SafeLoader, node: yaml.Node, path: Path, lines: dict[Path, int]) -> object:
    """The value of a node; fills ``lines``."""
    if isinstance(node, yaml.MappingNode):
        found: dict[str, object] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise YamlError(line, "a key must be a name")
            key = key_node.value
            if key in found:
                raise YamlError(line, f"{key} comes twice (first in line {lines[*path, key]})")
            lines[*path, key] = line
            found[key] = _value(loader, value_node, (*path, key), lines)
        return found
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            lines[*path, position] = item.start_mark.line + 1
        return [_value(loader, item, (*path, position), lines) for position, item in enumerate(node.value)]
    return loader.construct_object(node)
