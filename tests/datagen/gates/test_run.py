"""Gates run cheapest first, reject, mark or do not run, and the waterfall adds up."""

from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from datagen.gates.gate import Cost, Verdict
from datagen.gates.run import GateSetting, run_gates
from datagen.gates.waterfall import add_up, count_judgements
from schemas.waterfall import Waterfall


@dataclass(frozen=True)
class Below:
    """Passes numbers below a bound, and remembers nothing."""

    name: str
    limit: int
    cost: Cost = "rules"

    def judge(self, samples):
        return [
            Verdict(
                self.name, n < self.limit, n, f"< {self.limit}", "" if n < self.limit else f"digit_{n % 10}", str(n)
            )
            for n in samples
        ]


def test_cheap_gates_run_first_and_spare_the_others():
    settings = [GateSetting(Below("judge", 90, "teacher")), GateSetting(Below("rule", 50))]
    judgements = run_gates([10, 60, 95], settings)
    assert [[v.gate for v in j.verdicts] for j in judgements] == [["rule", "judge"], ["rule"], ["rule"]]
    assert [j.kept for j in judgements] == [True, False, False]
    assert judgements[1].rejected_by.gate == "rule"


def test_mark_records_and_keeps_and_off_does_not_run():
    settings = [GateSetting(Below("marks", 50), "mark"), GateSetting(Below("off", 0), "off")]
    (judgement,) = run_gates([70], settings)
    assert judgement.kept
    assert [(v.gate, v.passed, v.reason) for v in judgement.verdicts] == [("marks", False, "digit_0")]


def test_a_gate_that_loses_a_sample_is_an_error():
    class Loses(Below):
        def judge(self, samples):
            return super().judge(samples)[1:]

    with pytest.raises(ValueError, match="gate loses gave 1 verdicts on 2 samples"):
        run_gates([1, 2], [GateSetting(Loses("loses", 5))])


@given(st.lists(st.integers(0, 99)), st.lists(st.sampled_from(["on", "mark", "off"]), min_size=3, max_size=3))
def test_the_waterfall_adds_up_and_shards_make_the_whole(numbers, modes):
    settings = [GateSetting(Below(f"g{i}", 90 - 20 * i), mode) for i, mode in enumerate(modes)]
    whole = count_judgements(run_gates(numbers, settings), settings, unparsed=2)
    half = len(numbers) // 2
    parts = [count_judgements(run_gates(part, settings), settings, 1) for part in (numbers[:half], numbers[half:])]
    assert add_up(parts) == whole
    limits = [90 - 20 * i for i, mode in enumerate(modes) if mode == "on"]
    assert whole.kept == sum(all(n < limit for limit in limits) for n in numbers)
    assert whole.generated == len(numbers) + 2
    assert all(sum(e.reason == reason for e in gate.examples) <= 3 for gate in whole.gates for reason in gate.reasons)


def test_a_waterfall_with_a_leak_is_refused():
    whole = count_judgements(run_gates([1, 99], [GateSetting(Below("g", 5))]), [GateSetting(Below("g", 5))])
    with pytest.raises(ValidationError, match="2 kept, but 1 passed all gates"):
        Waterfall.model_validate(whole.model_dump() | {"kept": 2})
