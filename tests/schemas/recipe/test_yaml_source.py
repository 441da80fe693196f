"""YAML as a recipe means it, with the line of every field."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.recipe.yaml_source import YamlError, parse_yaml


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("no", "no"), ("on", "on"), ("true", True), ("False", False), ("~", None), ("", None), ("'~'", "~"),
        ("12", 12), ("-3", -3), ("1e-3", 0.001), (".5", 0.5), ("1_000", "1_000"), ("0x10", "0x10"),
        ("12:30", "12:30"), ("2024-07-31", "2024-07-31"), ("1.2.3", "1.2.3"), ("e5", "e5"), (".", "."),
    ],
)  # fmt: skip
def test_scalars_are_what_they_look_like(text, expected):
    found = parse_yaml(text).data
    assert (found, type(found)) == (expected, type(expected))


def test_every_field_has_its_line_and_what_is_missing_the_line_above_it():
    source = parse_yaml("a: 1\nb:\n  - x: 2\n\n    y: {z: 3}\n  - 4\n")
    assert source.data == {"a": 1, "b": [{"x": 2, "y": {"z": 3}}, 4]}
    places = [("a",), ("b",), ("b", 0), ("b", 0, "x"), ("b", 0, "y", "z"), ("b", 1), ("b", 0, "gone"), ("gone",)]
    assert [source.line(place) for place in places] == [1, 2, 3, 3, 5, 6, 3, 1]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: 1\nb: [", 2, "not valid YAML"),
        ("a: 1\na: 2", 2, "a comes twice"),
        ("a: &x 1\nb: *x", 2, "alias"),
        ("a: 1\n? [1]\n: 2", 2, "a key must be a name"),
        ("a: 1\n---\nb: 2", 2, "found another document"),
        ("a: !!python/object:os.system x", 1, "could not determine a constructor"),
        ("a: \x07", 1, "special characters are not allowed"),
    ],
)
def test_what_a_recipe_must_not_have_is_named_with_its_line(text, line, message):
    with pytest.raises(YamlError, match=message) as caught:
        parse_yaml(text)
    assert caught.value.line == line


TEXT = st.text(st.characters(max_codepoint=0xD7FF))  # PyYAML reads JSON's surrogate pairs as two characters
NAMES = st.text(st.characters(max_codepoint=0xD7FF), max_size=80)  # YAML's keys have at most 1,024 bytes
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


@given(TREES)
def test_json_is_yaml(tree):
    assert parse_yaml(json.dumps(tree)).data == tree
