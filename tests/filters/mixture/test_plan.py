"""A plan gives each stage its tokens by source, stratified by collection, and says what it could not give."""

import pytest

from filters.mixture.plan import files_and_windows, members, plan_mixture
from schemas.recipe.mixture import MixStage, Mixture
from tests.filters.mixture.rings import random_ring


def mixture(**changes: object) -> Mixture:
    stages = [
        {"name": "core", "tokens": 20_000, "sequence_length": 64,
         "mix": {"web": {"weight": 3}, "code": {"weight": 1}}},
        {"name": "continued", "tokens": 12_000, "sequence_length": 128,
         "mix": {"web/b": {"weight": 1}, "web": {"weight": 1}, "code": {"weight": 2}}},
    ]  # fmt: skip
    samples = [{"name": name, "of": "core", "fraction": size} for name, size in (("large", 0.1), ("small", 0.02))]
    return Mixture.model_validate({"name": "test", "stages": stages, "samples": samples} | changes)


RINGS = {"web/a": random_ring(1, 2000), "web/b": random_ring(2, 1000), "code/c": random_ring(3, 200)}
FILES = {"core": 9, "continued": 9, "large": 9, "small": 9}


def test_every_source_gets_what_was_requested():
    core, continued, _, _ = plan_mixture(mixture(), RINGS, FILES).parts
    for part in (core, continued):
        assert part.tokens <= part.budget
        for source in part.sources:
            assert abs(source.tokens - source.requested) < 0.001 * part.budget
            assert not source.ran_out
    assert [source.share for source in core.sources] == [0.75, 0.25]


def test_a_class_is_taken_of_all_its_collections_in_proportion():
    core = plan_mixture(mixture(), RINGS, FILES).parts[0]
    a, b = core.sources[0].strata
    assert (a.stratum, b.stratum) == ("web/a", "web/b")
    whole = {name: int(RINGS[name].tokens.sum()) for name in ("web/a", "web/b")}
    assert a.tokens / core.sources[0].tokens == pytest.approx(whole["web/a"] / sum(whole.values()), rel=0.01)


def test_a_class_leaves_out_the_collections_that_are_named_beside_it():
    stage = mixture().stages[1]
    assert members(stage, ["code/c", "web/a", "web/b"]) == {"web/b": ["web/b"], "web": ["web/a"], "code": ["code/c"]}


def test_a_stage_begins_where_the_one_before_has_ended():
    core, continued, _, _ = plan_mixture(mixture(), RINGS, FILES).parts
    ends = {each.stratum: each.start + each.span for source in core.sources for each in source.strata}
    starts = {each.stratum: each.start for source in continued.sources for each in source.strata}
    assert {name: end % 2**63 for name, end in ends.items()} == starts


def test_a_source_that_runs_out_is_repeated_as_often_as_allowed_and_others_give_the_rest():
    stage = {"name": "core", "tokens": 30_000, "sequence_length": 64,
             "mix": {"web": {"weight": 1}, "code": {"weight": 1, "epochs": 2}}}  # fmt: skip
    core = plan_mixture(mixture(stages=[stage], samples=[]), RINGS, FILES).parts[0]
    web, code = core.sources
    assert code.ran_out
    assert code.tokens == 2 * RINGS["code/c"].tokens.sum()
    assert code.strata[0].turns == 2
    assert web.tokens == pytest.approx(30_000 - code.tokens, abs=30)
    assert not web.ran_out


def test_samples_have_the_mixture_of_their_stage():
    core, _, large, small = plan_mixture(mixture(), RINGS, FILES).parts
    for sample, size in ((large, 0.1), (small, 0.02)):
        assert sample.sample_of == "core"
        for source, whole in zip(sample.sources, core.sources, strict=True):
            for each, of_stage in zip(source.strata, whole.strata, strict=True):
                assert abs(each.tokens - size * of_stage.tokens) <= 15  # half a document


def test_a_sample_may_be_given_in_tokens():
    by_tokens = mixture(samples=[{"name": "small", "of": "core", "tokens": 400}])
    assert plan_mixture(by_tokens, RINGS, FILES).parts[2].tokens == pytest.approx(400, abs=45)


def test_scale_multiplies_all_budgets():
    plan = plan_mixture(mixture(scale=0.1), RINGS, FILES)
    assert [part.budget for part in plan.parts[:2]] == [2000, 1200]


def test_what_nothing_reads_is_named():
    rings = RINGS | {"licensed/l": random_ring(4, 10)}
    assert plan_mixture(mixture(), rings, FILES).unused == ("licensed/l",)


def test_temperature_shares_out_by_what_there_is():
    stage = MixStage.model_validate(
        {"name": "core", "tokens": 1000, "sequence_length": 64, "temperature": 2, "mix": {"web": {}, "code": {}}}
    )
    core = plan_mixture(mixture(stages=[stage], samples=[]), RINGS, FILES).parts[0]
    web, code = (float(RINGS[name].tokens.sum()) for name in ("web/a", "code/c"))
    web += float(RINGS["web/b"].tokens.sum())
    assert core.sources[1].share == pytest.approx(code**0.5 / (web**0.5 + code**0.5))


@pytest.mark.parametrize(
    ("tokens", "length", "most", "expected"),
    [
        (0, 4096, 9, (0, 0)),
        (1000, 4096, 9, (1, 1)),
        (3 << 25, 4096, 9, (3, 3)),
        (64 << 25, 4096, 8, (8, 64)),  # too few files allowed: each has several windows
        (1 << 28, 1 << 20, 9, (1, 1)),  # long sequences: larger windows
    ],
)
def test_files_and_windows(tokens, length, most, expected):
    assert files_and_windows(tokens, length, most) == expected
