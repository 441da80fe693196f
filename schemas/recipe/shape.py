"""What may stand at a place of a recipe: a walk through its JSON Schema."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from schemas.recipe.error import child

JsonSchema = Mapping[str, object]


@dataclass(frozen=True)
class Shape:
    """The JSON Schema of one place, with its alternatives."""

    root: JsonSchema
    """The whole schema, which references point into."""
    alternatives: tuple[JsonSchema, ...]
    """What may stand here, references resolved; empty: no such place."""
    default: object = None
    """What stands here if nothing is given."""

    @classmethod
    def of(cls, schema: JsonSchema) -> "Shape":
        """The top of a schema."""
        return cls(schema, _alternatives(schema, schema))

    def at(self, path: Sequence[str | int], data: object) -> "Shape":
        """The shape of the place at ``path``; ``data`` tells which type a step has."""
        shape = self
        for key in path:
            shape, data = shape.below(key, data), child(data, key)
        return shape

    def below(self, key: str | int, data: object) -> "Shape":
        """The shape under ``key``, where ``data`` stands here."""
        for schema in self._fitting(data):
            inner = _properties(schema).get(key) if isinstance(key, str) else schema.get("items")
            if inner is None and isinstance(key, str):
                inner = schema.get("additionalProperties")
            if isinstance(inner, Mapping):
                return Shape(self.root, _alternatives(inner, self.root), inner.get("default"))
        return Shape(self.root, ())

    def names(self, data: object = None) -> list[str]:
        """The fields that may stand here."""
        return [name for schema in self._fitting(data) for name in _properties(schema)]

    def values(self) -> list[str]:
        """The words that may stand here, where only some may."""
        return [str(value) for schema in self.alternatives for value in _words(schema)]

    def tags(self) -> list[str]:
        """The types of step, or names of engines, to choose from."""
        return [str(word) for schema in self.alternatives for word in _tag(schema)[1]]

    def describe(self) -> str:
        """What may stand here, in words."""
        if self.tags():
            return f"a mapping whose {_tag(self.alternatives[0])[0]} is one of {', '.join(self.tags())}"
        texts = [_describe(schema, self.root) for schema in self.alternatives]
        return " or ".join(dict.fromkeys(text for text in texts if text))

    def _fitting(self, data: object) -> Sequence[JsonSchema]:
        """The alternatives that ``data`` can be, judged by its tag (``type``, ``engine``)."""
        tag = _tag(self.alternatives[0])[0] if self.alternatives else None
        if tag is None or not isinstance(data, dict) or tag not in data:
            return self.alternatives
        return [schema for schema in self.alternatives if data[tag] in _tag(schema)[1]]


def _alternatives(schema: JsonSchema, root: JsonSchema) -> tuple[JsonSchema, ...]:
    """``schema`` with its reference followed, or the members of its union."""
    reference = schema.get("$ref")
    if isinstance(reference, str):
        definitions = cast(Mapping[str, JsonSchema], root["$defs"])
        return _alternatives(definitions[reference.rpartition("/")[2]], root)
    union = schema.get("oneOf") or schema.get("anyOf")
    if isinstance(union, Sequence):
        return tuple(found for member in union for found in _alternatives(member, root))
    return (schema,)


def _properties(schema: JsonSchema) -> Mapping[str, JsonSchema]:
    properties = schema.get("properties", {})
    return properties if isinstance(properties, Mapping) else {}


def _tag(schema: JsonSchema) -> tuple[str | None, Sequence[object]]:
    """The field that tells members of a union apart, and its value here."""
    for name in ("type", "engine"):
        words = _words(_properties(schema).get(name, {}))
        if words:
            return name, words
    return None, ()


def _words(schema: JsonSchema) -> Sequence[object]:
    words = schema.get("enum", [schema["const"]] if "const" in schema else [])
    return words if isinstance(words, Sequence) else []


_LIMITS = {
    "minimum": ">= {}",
    "exclusiveMinimum": "> {}",
    "maximum": "<= {}",
    "exclusiveMaximum": "< {}",
    "minLength": "at least {} long",
    "minItems": "at least {} of them",
    "pattern": "like {}",
}
_TYPES = {
    "number": "a number",
    "integer": "a whole number",
    "string": "text",
    "boolean": "true or false",
    "null": "null",
}


def _describe(schema: JsonSchema, root: JsonSchema) -> str:
    words = _words(schema)
    if words:
        return ", ".join(str(word) for word in words)
    kind = schema.get("type")
    items = schema.get("items")
    if kind == "array" and isinstance(items, Mapping):
        text = f"a list of: {Shape(root, _alternatives(items, root)).describe()}"
    elif kind == "object":
        names = ", ".join(_properties(schema))
        text = f"a mapping with {names}" if names else "a mapping"
    elif schema.get("format") == "path":
        text = "a path"
    else:
        text = _TYPES.get(str(kind), "")
    limits = [form.format(schema[name]) for name, form in _LIMITS.items() if name in schema]
    return " ".join([text, *limits])
