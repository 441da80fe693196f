"""Recipes load whole, or say everything that is wrong with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.bounds import Bound
from schemas.recipe.error import RecipeError
from schemas.recipe.extract import ResiliparseSettings
from schemas.recipe.load import builtin_recipes, load_recipe
from schemas.recipe.model import Recipe

GOOD = """\
name: mine
collection: web-2024
filters:
  - type: language
    keep: [no, en]     # Norwegian, not false
    score: {above: 0.65}
  - type: c4_quality
  - {type: fasttext, name: quality, model: models/q.bin}
  - {type: fasttext, name: toxicity, model: models/t.bin}
"""


@pytest.fixture
def write(tmp_path):
    (tmp_path / "models").mkdir()
    for name in ("q.bin", "t.bin"):
        (tmp_path / "models" / name).write_bytes(b"model")

    def write_recipe(text):
        path = tmp_path / "mine.yaml"
        path.write_text(text)
        return path

    return write_recipe


def problems(path, *overrides):
    with pytest.raises(RecipeError) as caught:
        load_recipe(path, overrides)
    return [str(problem).replace(str(path), "mine.yaml") for problem in caught.value.problems]


def test_a_recipe_loads_with_defaults_and_paths_of_its_folder(write):
    path = write(GOOD)
    recipe = load_recipe(path)
    language, c4, quality, _ = recipe.filters
    assert language.keep == ("no", "en")
    assert language.score == Bound(above=0.65)
    assert c4.sentences == Bound(min=3)
    assert quality.model == path.parent / "models" / "q.bin"
    assert recipe.extract.engine == "orchard"


def test_every_mistake_is_named_with_line_value_and_way_out(write):
    text = """\
name: mine
collection: web
sede: 3
read:
  max_record_bytes: lots
extract:
  engine: trafilatra
filters:
  - type: language
    score:
      min: fifty
      mx: 3
  - type: c4_qualty
  - gopher
  - type: c4_quality
    sentences: {}
measure: al
"""
    assert problems(write(text)) == [
        "mine.yaml:3: sede: no such field (value 3); did you mean seed?; allowed: name, description, collection, "
        "source, read, pages, extract, filters, deduplicate, decontaminate, measure, write, seed",
        "mine.yaml:5: read.max_record_bytes: wrong value 'lots'; allowed: a whole number >= 1024",
        "mine.yaml:7: extract.engine: 'trafilatra'; did you mean trafilatura?; "
        "allowed: trafilatura, resiliparse, orchard, union, agreement",
        "mine.yaml:11: filters.language.score.min: wrong value 'fifty'; allowed: a number or null",
        "mine.yaml:12: filters.language.score.mx: no such field (value 3); did you mean max?; "
        "allowed: min, max, above, below, min_percentile",
        "mine.yaml:13: filters.c4_qualty.type: 'c4_qualty'; did you mean c4_quality?; allowed: " + all_types(),
        "mine.yaml:14: filters[2]: wrong value 'gopher'; allowed: a mapping whose type is one of " + all_types(),
        "mine.yaml:16: filters.c4_quality.sentences: a bound needs a limit: min, max, above, below or min_percentile; "
        "null: no rule",
        "mine.yaml:17: measure: wrong value 'al'; did you mean all?; allowed: default, all",
    ]


def all_types():
    schema = Recipe.model_json_schema()
    return ", ".join(
        schema["$defs"][member["$ref"].rpartition("/")[2]]["properties"]["type"]["const"]
        for member in schema["properties"]["filters"]["items"]["oneOf"]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "mine.yaml:1: the file holds no recipe: write fields such as `name: ...`"),
        ("- a\n", "mine.yaml:1: the file holds no recipe: write fields such as `name: ...`"),
        ("name: a\ncollection: [b\n", "mine.yaml:3: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("name: a\ncollection: b\nname: c\n", "mine.yaml:3: name comes twice (first in line 1)"),
        ("name: &n a\ncollection: *n\n", "mine.yaml:2: alias *n: write the value out"),
        ("name: a\n", "mine.yaml:1: collection: missing; allowed: text at least 1 long"),
        (
            "name: a\ncollection: b\nfilters:\n- type: fasttext\n  name: q\n  model: gone.bin\n",
            "mine.yaml:6: filters.q.model: no such file or folder: {folder}/gone.bin",
        ),
        (
            "name: a\ncollection: b\nextract:\n  engine: trafilatura\n  favor_precision: true\n  favor_recall: true\n",
            "mine.yaml:3: extract: favor_precision and favor_recall exclude each other: switch one of them off",
        ),
        (
            "name: a\ncollection: b\nfilters:\n- type: language\n- type: language\n",
            "mine.yaml:1: two steps write the signals language: give one of them another `name`, or take it out",
        ),
    ],
)
def test_one_mistake_has_one_line(write, text, expected):
    path = write(text)
    assert problems(path) == [expected.format(folder=path.parent)]


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_bytes(b"name: \xff\n")
    assert "cannot be read: 'utf-8' codec" in problems(path)[0]


def test_a_missing_recipe_is_refused_with_the_nearest_name(tmp_path):
    assert "did you mean fineweb?" in problems("finweb")[0]
    assert problems(tmp_path)[0].startswith("mine.yaml: is a folder; ")
    assert "no such file" in problems(tmp_path / "no.yaml")[0]


def test_overrides_address_steps_by_name_type_or_position(write):
    recipe = load_recipe(
        write(GOOD),
        [
            "filters.language.keep=[de]",
            "filters[1].min_words_per_line=3",
            "filters.quality.score.min_percentile=90",
            "extract={engine: resiliparse, links: true}",
            "read.columns.text=[body]",
            "description='a: b'",
        ],
    )
    language, c4, quality, toxicity = recipe.filters
    assert language.keep == ("de",)
    assert c4.min_words_per_line == 3
    assert quality.score == Bound(min_percentile=90)
    assert toxicity.score is None
    assert recipe.extract == ResiliparseSettings(links=True)
    assert recipe.read.columns.text == ("body",)
    assert recipe.description == "a: b"


def test_an_override_inside_a_default_keeps_the_rest_of_it(write):
    recipe = load_recipe(write(GOOD), ["filters.c4_quality.sentences.max=9"])
    assert recipe.filters[1].sentences == Bound(min=3, max=9)


def test_the_last_override_wins_and_null_switches_off(write):
    recipe = load_recipe(write(GOOD), ["seed=1", "seed=2", "filters.language.score=null"])
    assert recipe.seed == 2
    assert recipe.filters[0].score is None


def test_paths_in_overrides_are_of_the_working_directory(write, tmp_path, monkeypatch):
    path = write(GOOD)
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "other.bin").write_bytes(b"")
    monkeypatch.chdir(tmp_path / "here")
    recipe = load_recipe(path, ["filters.quality.model=other.bin"])
    assert recipe.filters[2].model == tmp_path / "here" / "other.bin"


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("seed", "--set seed: not of the form key.sub[0].x=value"),
        ("a..b=1", "--set a..b=1: not of the form key.sub[0].x=value"),
        ("seed=[1", "--set seed=[1: seed: value [1: not valid YAML: expected ',' or ']', but got '<stream end>'"),
        ("seed=x", "--set seed=x: seed: wrong value 'x'; allowed: a whole number >= 0"),
        (
            "filters.c4_qality.lines.min=1",
            "--set filters.c4_qality.lines.min=1: filters: has no step c4_qality; did you mean c4_quality?; "
            "allowed: language, c4_quality, quality, toxicity",
        ),
        (
            "filters.fasttext.label=a",
            "--set filters.fasttext.label=a: filters: has 2 steps fasttext: use a name or a position; allowed: 2, 3",
        ),
        (
            "filters[9].x=1",
            "--set filters[9].x=1: filters: has no position 9: there are 4; "
            "allowed: language, c4_quality, quality, toxicity",
        ),
        (
            "filters.language.score.abve=0.5",
            "--set filters.language.score.abve=0.5: filters.language.score.abve: no such field (value 0.5); "
            "did you mean above?; allowed: min, max, above, below, min_percentile",
        ),
        ("name.x=1", "--set name.x=1: name: has no field x, its value is 'mine'"),
        ("filters.quality.model=gone", "no such file or folder: "),
    ],
)
def test_wrong_overrides_say_so(write, override, expected):
    found = problems(write(GOOD), override)
    assert len(found) == 1
    assert expected in found[0]


BOUNDS = st.dictionaries(
    st.sampled_from(["min", "max", "above", "below"]), st.floats(-1e6, 1e6, allow_nan=False), min_size=1
)


@given(
    BOUNDS,
    st.sampled_from(["default", "all"]),
    st.integers(0, 2**40),
    st.lists(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"))), max_size=3),
)
def test_a_recipe_survives_json_and_its_fingerprint_follows_its_content(bound, measure, seed, columns):
    fields = {
        "name": "x",
        "collection": "c",
        "measure": measure,
        "seed": seed,
        "read": {"columns": {"title": columns}},
        "filters": [{"type": "language", "score": bound}],
    }
    recipe = Recipe.model_validate(fields)
    again = Recipe.model_validate_json(recipe.model_dump_json())
    assert again == recipe
    assert again.fingerprint() == recipe.fingerprint()
    other = Recipe.model_validate(fields | {"seed": seed + 1})
    assert other.fingerprint() != recipe.fingerprint()


def test_builtin_recipes_are_known_by_name():
    assert {"web-en", "fineweb", "dclm-refinedweb", "c4", "gopher", "afm-web"} <= set(builtin_recipes())
