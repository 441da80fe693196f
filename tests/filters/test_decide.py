import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from filters.decide import Rule, decide, failing
from schemas.bounds import Bound

LIMITS = st.one_of(st.none(), st.integers(-3, 3).map(float))
VALUES = st.lists(st.one_of(st.none(), st.integers(-4, 4).map(float)), min_size=1, max_size=20)


def keeps(value: float | None, bound: Bound) -> bool:
    if value is None:
        return True
    return (
        (bound.min is None or value >= bound.min)
        and (bound.max is None or value <= bound.max)
        and (bound.above is None or value > bound.above)
        and (bound.below is None or value < bound.below)
    )


@given(VALUES, LIMITS, LIMITS, LIMITS, LIMITS)
def test_fails_exactly_what_the_definition_fails(values, low, high, above, below):
    if low is high is above is below is None:
        return
    bound = Bound(min=low, max=high, above=above, below=below)
    found = failing(pa.array(values, pa.float64()), Rule("a.b", bound))
    assert found.tolist() == [not keeps(value, bound) for value in values]


def test_nan_is_never_within_a_bound():
    assert failing(pa.array([float("nan")]), Rule("a.b", Bound(max=1))).tolist() == [True]


def test_the_verdict_names_the_first_rule_in_the_recipes_order():
    signals = {
        "gopher": pa.StructArray.from_arrays([pa.array([10, 60, 10])], names=["word_count"]),
        "c4": pa.StructArray.from_arrays([pa.array([True, True, False])], names=["has_curly_bracket"]),
    }
    rules = [Rule("gopher.word_count", Bound(min=50)), Rule("c4.has_curly_bracket", Bound(max=0))]
    details = {"c4.has_curly_bracket": pa.array(["at 3", "at 9", None], pa.string())}
    found = decide(signals, rules, details, "filter", 3).to_pylist()
    assert found == [
        {"stage": "filter", "rule": "gopher.word_count", "value": 10.0, "bound": ">= 50", "detail": None},
        {"stage": "filter", "rule": "c4.has_curly_bracket", "value": 1.0, "bound": "<= 0", "detail": "at 9"},
        {"stage": "filter", "rule": "gopher.word_count", "value": 10.0, "bound": ">= 50", "detail": None},
    ]


def test_what_was_not_measured_is_kept():
    missing = pa.StructArray.from_arrays([pa.array([1.0, 2.0])], names=["score"], mask=pa.array([True, False]))
    found = decide({"quality": missing}, [Rule("quality.score", Bound(min=5))], {}, "filter", 2)
    assert found.is_valid().to_pylist() == [False, True]


@pytest.mark.parametrize(("threshold", "kept"), [(None, [True, True]), (0.5, [False, True])])
def test_a_percentile_is_applied_as_its_value_in_the_corpus(threshold, kept):
    rule = Rule("quality.score", Bound(min_percentile=75), threshold)
    signals = {"quality": pa.StructArray.from_arrays([pa.array([0.4, 0.5])], names=["score"])}
    found = decide(signals, [rule], {}, "filter", 2)
    assert found.is_null().to_pylist() == kept


def test_the_bound_of_a_percentile_tells_its_value():
    rule = Rule("quality.score", Bound(min_percentile=75), 0.5)
    signals = {"quality": pa.StructArray.from_arrays([pa.array([0.4])], names=["score"])}
    assert decide(signals, [rule], {}, "filter", 1)[0].as_py()["bound"] == ">= p75 (0.5)"
