"""The recipes that come with Orchard: they load, they are complete, and they keep to what was published."""

import json
import re

import pytest
import yaml

from schemas.bounds import Bound
from schemas.contracts import json_schema
from schemas.document import document_schema
from schemas.recipe.load import BUILTIN, builtin_recipes, load_recipe
from schemas.recipe.model import Recipe

NAMES = ["afm-web", "c4", "dclm-refinedweb", "fineweb", "gopher", "web-en"]


def test_these_are_the_recipes():
    assert builtin_recipes() == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_it_loads_by_name_and_by_path_and_types_its_signals(name):
    recipe = load_recipe(name)
    assert recipe.name == name
    assert load_recipe(BUILTIN / f"{name}.yaml") == recipe
    spaces = [space.name for space in document_schema(recipe.steps()).field("signals").type]
    assert spaces == [step.space for step in recipe.steps()]


@pytest.mark.parametrize("name", NAMES)
def test_an_editor_finds_the_schema(name):
    text = (BUILTIN / f"{name}.yaml").read_text()
    assert text.startswith("# yaml-language-server: $schema=recipe.schema.json\n")


def test_the_json_schema_is_current():
    text = (BUILTIN / "recipe.schema.json").read_text()
    assert json.loads(text) == json.loads(json_schema(Recipe)), (
        "settings have changed; write it anew: orchard schema recipe > recipes/recipe.schema.json"
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_written_setting_is_one_that_counts(name):
    """What a preset writes out and what it leaves to defaults give the same bounds as the file says."""
    written = yaml.safe_load((BUILTIN / f"{name}.yaml").read_text())
    steps = [*written.get("pages", []), *written.get("filters", [])]
    for step, fields in zip(load_recipe(name).steps(), steps, strict=True):
        for field in type(step).rule_names():
            if field in fields:
                expected = None if fields[field] is None else Bound(**fields[field])
                assert getattr(step, field) == expected


def test_fineweb_is_in_the_order_of_the_published_script():
    recipe = load_recipe("fineweb")
    assert [step.type for step in recipe.steps()] == [
        "url",
        "language",
        "gopher_repetition",
        "gopher_quality",
        "c4_quality",
        "fineweb_quality",
        "pii",
    ]
    assert (recipe.extract.engine, recipe.extract.favor_precision) == ("trafilatura", True)
    c4 = recipe.filters[3]
    assert (c4.end_marks, c4.min_words_per_line, c4.sentences, c4.characters) == (None, 3, Bound(min=5), None)
    assert recipe.filters[0].score == Bound(above=0.65)
    assert (recipe.filters[5].kinds, recipe.filters[5].mask) == (("email", "ip"), True)


def test_c4_has_the_numbers_of_the_published_code():
    quality, bad_words, _ = load_recipe("c4").filters
    assert (quality.min_words_per_line, quality.end_marks) == (5, (".", "?", "!", '"'))
    assert (quality.sentences, quality.characters) == (Bound(min=3), Bound(max=190_000))
    assert (bad_words.keep_fraction, bad_words.found) == (0, Bound(max=0))


def test_afm_is_in_apples_order_and_labels_every_number():
    recipe = load_recipe("afm-web")
    order = [step.space for step in recipe.filters]
    assert (
        order.index("profanity_exclusion")
        < order.index("pii_exclusion")
        < order.index("profanity")
        < order.index("gopher")
        < order.index("pii")
    )
    text = (BUILTIN / "afm-web.yaml").read_text()
    steps = [part for part in text.partition("filters:")[2].split("- type: ") if "{" in part]
    assert all(re.search(r"\[[VPCDI]\]", step) for step in steps)
    bounds = [line for line in text.splitlines() if "{" in line]
    assert not [line for line in bounds if "[V]" in line or "[P]" in line], "no published number is Apple's"
