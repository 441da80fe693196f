"""Recipes of mixtures: the one of AFM's stages, and errors that name the place."""

import json
import re
from pathlib import Path

import pytest

from schemas.contracts import json_schema
from schemas.recipe.error import RecipeError
from schemas.recipe.load import BUILTIN, builtin_recipes, load_mixture
from schemas.recipe.mixture import Mixture

AFM = BUILTIN / "afm-stages.yaml"


def test_afm_has_the_published_budgets_and_lengths_and_keeps_licensed_data_out_of_the_core():
    mixture = load_mixture("afm-stages")
    assert builtin_recipes(Mixture) == ["afm-stages"]
    assert [(stage.name, stage.tokens, stage.sequence_length) for stage in mixture.stages] == [
        ("core", 6_300_000_000_000, 4096),
        ("continued", 1_000_000_000_000, 8192),
        ("context", 100_000_000_000, 32768),
    ]
    core, continued, context = mixture.stages
    assert core.excludes == ("licensed",)
    assert "licensed" in continued.mix
    assert "licensed" in context.mix
    weights = [{key: source.weight or 0 for key, source in stage.mix.items()} for stage in mixture.stages]
    assert weights[1]["web"] < weights[0]["web"]
    assert weights[1]["code"] > weights[0]["code"]
    recovery = next(sample for sample in mixture.samples if sample.name == "accuracy-recovery")
    assert (recovery.of, recovery.fraction) == ("core", 0.0015)
    assert [sum(each.values()) for each in weights] == [pytest.approx(1)] * 3


def test_afm_s_unknown_weights_are_marked_as_ours():
    lines = [line for line in AFM.read_text().splitlines() if "weight:" in line]
    assert lines
    assert all("[I]" in line and "[P]" not in line for line in lines)
    settings = [line for line in AFM.read_text().splitlines() if re.search(r"(tokens|sequence_length|fraction):", line)]
    assert all(re.search(r"# \[[PI]\]", line) for line in settings)


def test_the_json_schema_is_current():
    text = (BUILTIN / "mixture.schema.json").read_text()
    assert json.loads(text) == json.loads(json_schema(Mixture)), (
        "settings have changed; write it anew: orchard schema mixture > recipes/mixture.schema.json"
    )


CODE = "code: {weight: 0.14}"


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (CODE, "coed: {weight: 1}", r":29: stages.core.mix.coed: no source class 'coed'; did you mean code\?"),
        (CODE, "code/: {weight: 1}", r":29: stages.core.mix.code/: 'code/' names no collection"),
        (CODE, "code: {wieght: 1}", r":29: stages.core.mix.code.wieght: no such field .* did you mean weight\?"),
        (CODE, "code: {weight: -1}", r":29: stages.core.mix.code.weight: wrong value -1; allowed: a number > 0"),
        (CODE, "code: {}", r":27: stages.core.mix: code has no weight"),
        (CODE, "licensed: {weight: 1}", r":27: stages.core.mix: licensed must not reach core"),
        ("excludes: [licensed] ", "temperature: 2 ", r":27: stages.core.mix: temperature decides the shares"),
        ("of: core", "of: cores", r"samples: mask-learning is of 'cores', no stage; did you mean core\?"),
        ("name: continued", "name: core", r"stages: two stages are called core"),
        ("name: calibration", "name: context", r"samples: context is the name of two stages or samples"),
        ("fraction: 0.0015 ", "sequence_length: 512 ", r"samples.accuracy-recovery: give either fraction or tokens"),
    ],
)
def test_errors_name_file_line_and_field(tmp_path: Path, old, new, error):
    text = AFM.read_text()
    assert old in text
    path = tmp_path / "wrong.yaml"
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(RecipeError, match=error):
        load_mixture(path)


def test_a_mixture_is_no_recipe_of_a_pipeline():
    with pytest.raises(RecipeError, match=r"web-en: is a recipe of `orchard run`.*afm-stages"):
        load_mixture("web-en")


def test_a_source_is_changed_or_added_on_the_command_line():
    changes = ["scale=1e-6", "stages.core.mix.web.weight=0.5", "stages.core.mix.web/docs={weight: 0.2, epochs: 2}"]
    mixture = load_mixture("afm-stages", changes)
    core = mixture.stage("core")
    assert mixture.budget(core) == 6_300_000
    assert (core.mix["web"].weight, core.mix["web/docs"].weight, core.mix["web/docs"].epochs) == (0.5, 0.2, 2)
