"""Runs gates on samples, the cheapest first; a sample that one rejects is not looked at by those after it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from datagen.gates.gate import COSTS, Gate, Mode, Verdict

SampleT = TypeVar("SampleT")


@dataclass(frozen=True)
class GateSetting(Generic[SampleT]):
    """A gate and whether it rejects."""

    gate: Gate[SampleT]
    mode: Mode = "on"


@dataclass(frozen=True)
class Judgement(Generic[SampleT]):
    """A sample and what the gates that saw it said."""

    sample: SampleT
    verdicts: tuple[Verdict, ...]
    """In the order in which the gates ran; the last one is the rejection, if there is one."""
    rejected_by: Verdict | None
    """Why it is not kept; None: it is."""

    @property
    def kept(self) -> bool:
        """Whether every gate that is on let it pass."""
        return self.rejected_by is None


def in_order(settings: Sequence[GateSetting[SampleT]]) -> list[GateSetting[SampleT]]:
    """The gates that run, cheapest first, in the order given among equals."""
    running = [setting for setting in settings if setting.mode != "off"]
    return sorted(running, key=lambda setting: COSTS.index(setting.gate.cost))


def run_gates(samples: Sequence[SampleT], settings: Sequence[GateSetting[SampleT]]) -> list[Judgement[SampleT]]:
    """What becomes of each sample, in their order. Gates get all samples that are still kept as one batch.

    Raises ValueError: a gate gave another number of verdicts than it got samples.
    """
    verdicts: list[list[Verdict]] = [[] for _ in samples]
    rejections: list[Verdict | None] = [None] * len(samples)
    for setting in in_order(settings):
        rows = [row for row, rejection in enumerate(rejections) if rejection is None]
        found = setting.gate.judge([samples[row] for row in rows])
        if len(found) != len(rows):
            raise ValueError(f"gate {setting.gate.name} gave {len(found)} verdicts on {len(rows)} samples")
        for row, verdict in zip(rows, found, strict=True):
            verdicts[row].append(verdict)
            if not verdict.passed and setting.mode == "on":
                rejections[row] = verdict
    return [
        Judgement(sample, tuple(said), rejection)
        for sample, said, rejection in zip(samples, verdicts, rejections, strict=True)
    ]
