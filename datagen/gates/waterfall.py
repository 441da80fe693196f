"""Counts what became of generated samples: generated, parsed, past each gate, kept, with examples of each reason."""

from collections.abc import Iterable, Sequence

from datagen.gates.run import GateSetting, Judgement, SampleT, in_order
from schemas.waterfall import EXAMPLE_CHARACTERS, EXAMPLES, Example, GateCount, Waterfall


def count_judgements(
    judgements: Sequence[Judgement[SampleT]], settings: Sequence[GateSetting[SampleT]], unparsed: int = 0
) -> Waterfall:
    """The waterfall of some samples; ``unparsed`` answers came before them and were no sample.

    A sample is shown in an example as ``str`` gives it.
    """
    gates = []
    for setting in in_order(settings):
        said = [(j.sample, v) for j in judgements for v in j.verdicts if v.gate == setting.gate.name]
        failed = [(sample, verdict) for sample, verdict in said if not verdict.passed]
        reasons: dict[str, int] = {}
        examples: list[Example] = []
        for sample, verdict in failed:
            reasons[verdict.reason] = reasons.get(verdict.reason, 0) + 1
            if reasons[verdict.reason] <= EXAMPLES:
                examples.append(
                    Example(
                        reason=verdict.reason,
                        detail=verdict.detail,
                        score=verdict.score,
                        bound=verdict.bound,
                        text=str(sample)[:EXAMPLE_CHARACTERS],
                    )
                )
        gates.append(
            GateCount(
                gate=setting.gate.name,
                mode="on" if setting.mode == "on" else "mark",
                judged=len(said),
                failed=len(failed),
                reasons=dict(sorted(reasons.items())),
                examples=tuple(examples),
            )
        )
    kept = sum(judgement.kept for judgement in judgements)
    return Waterfall(generated=unparsed + len(judgements), parsed=len(judgements), gates=tuple(gates), kept=kept)


def add_up(parts: Iterable[Waterfall]) -> Waterfall:
    """The waterfall of all shards. Raises ValueError: they are of different gates or modes, or there is none."""
    waterfalls = list(parts)
    if not waterfalls:
        raise ValueError("no waterfall to add up")
    columns = zip(*(waterfall.gates for waterfall in waterfalls), strict=True)
    return Waterfall(
        generated=sum(waterfall.generated for waterfall in waterfalls),
        parsed=sum(waterfall.parsed for waterfall in waterfalls),
        gates=tuple(add_gate(list(column)) for column in columns),
        kept=sum(waterfall.kept for waterfall in waterfalls),
    )


def add_gate(counts: Sequence[GateCount]) -> GateCount:
    """One gate's counts of all shards. Raises ValueError: they are of different gates or modes."""
    first = counts[0]
    if any((count.gate, count.mode) != (first.gate, first.mode) for count in counts):
        raise ValueError(f"waterfalls of different gates: {', '.join(sorted({count.gate for count in counts}))}")
    reasons: dict[str, int] = {}
    examples: list[Example] = []
    for count in counts:
        for reason, failed in count.reasons.items():
            reasons[reason] = reasons.get(reason, 0) + failed
        for example in count.examples:
            if sum(shown.reason == example.reason for shown in examples) < EXAMPLES:
                examples.append(example)
    return first.model_copy(
        update={
            "judged": sum(count.judged for count in counts),
            "failed": sum(count.failed for count in counts),
            "reasons": dict(sorted(reasons.items())),
            "examples": tuple(examples),
        }
    )
