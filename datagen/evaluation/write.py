"""Writes what graders need: the sheet, the form, what the judge reads, and the key that graders do not see."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from datagen.evaluation.form import write_form
from datagen.evaluation.key import KEY, Coded, Key
from datagen.evaluation.sheet import SUMMARIES, blind, code, write_sheet, write_summaries
from datagen.evaluation.systems import open_system, written_by
from pipelines.engine.outputs.files import write_bytes
from pipelines.read.files import InputError

SHEET, FORM = "sheet.csv", "form.html"


@dataclass(frozen=True)
class ForGraders:
    """What was written."""

    files: tuple[Path, ...]
    """Sheet and form first."""
    summaries: Mapping[str, int]
    """By the system."""
    unanswered: Mapping[str, int]
    """Requests without a usable answer, by the system."""
    retryable: Mapping[str, int]
    """Those of them that may have an answer if they are asked again, by the system."""
    items: int
    """What any system has answered: a payload and a product."""
    common: int
    """What all systems have answered, and can be compared on."""


def write_for_graders(runs: Sequence[Path], product: str | None, out: Path, seed: int) -> ForGraders:
    """Write all four files. Raises InputError: a run cannot be graded, or a system comes twice."""
    systems = [open_system(run) for run in runs]
    doubles = [name for name, count in Counter(system.name for system in systems).items() if count > 1]
    if doubles:
        raise InputError(f"{', '.join(doubles)}: two runs have this name, which names the system: rename a folder")
    written = [one for system in systems for one in written_by(system, product)]
    counts = Counter(one.system for one in written)
    if not written:
        known = sorted({one.task.product for system in systems for one in written_by(system, None)})
        of = f" of {product}; there are some of {', '.join(known)}" if product and known else ""
        raise InputError(f"{', '.join(map(str, runs))}: no summary to grade{of}")
    unanswered = {system.name: system.unanswered(product) for system in systems}
    key = Key(
        items={code(one): Coded(task=one.task, item=one.item, system=one.system) for one in written},
        unanswered={name: len(again) for name, again in unanswered.items()},
        anonymised=all(system.anonymised for system in systems),
    )
    shown = blind(written, seed)
    contents = {
        SHEET: write_sheet(shown),
        FORM: write_form(shown),
        SUMMARIES: write_summaries(shown),
        KEY: key.model_dump_json(indent=1) + "\n",
    }
    for name, content in contents.items():
        write_bytes(str(out / name), content.encode())
    answered = Counter(one.item for one in written)
    return ForGraders(
        files=tuple(out / name for name in contents),
        summaries={system.name: counts[system.name] for system in systems},
        unanswered=key.unanswered,
        retryable={name: sum(again) for name, again in unanswered.items()},
        items=len(answered),
        common=sum(count == len(systems) for count in answered.values()),
    )
