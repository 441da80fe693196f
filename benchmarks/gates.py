"""What the gates of summaries let pass and what they catch: human references, and faults planted in them.

    python -m benchmarks.gates [--count 500] [--mails 4]

Only payloads of the half that nothing was fitted on (`is_held_out`). Needs the optional data folder (environment
variable ORCHARD_SHARED, else ../shared). Faults that rules are made for come first; those below the line use only
what the payload has, and are for a model of entailment.
"""

import argparse
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.summary_gates.plant import FAULTS, plant
from benchmarks.summary_gates.references import SETS, is_held_out, load
from datagen.gates.grounding.addresses import AddressesGate
from datagen.gates.grounding.english import English
from datagen.gates.grounding.names import NamesGate
from datagen.gates.grounding.negation import NegationGate
from datagen.gates.grounding.numbers import NumbersGate
from datagen.gates.grounding.support import SupportGate
from datagen.gates.rules.copied_span import CopiedSpanGate
from datagen.gates.rules.language import LanguageGate
from datagen.gates.rules.point_of_view import PointOfViewGate
from datagen.gates.rules.refusal_and_meta import RefusalAndMetaGate
from datagen.gates.rules.repetition import RepetitionGate
from datagen.products.summary import Summary
from schemas.recipe.load import load_summaries
from schemas.summaries.gates import Negation, Support

SHARED = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).resolve().parents[2] / "shared"))
HARD = ("names_exchanged", "person_replaced", "negation_removed", "number_from_payload")


def gates() -> tuple[list, list]:
    recipe = load_summaries("summaries")
    bounds = {step.type: step for step in recipe.gates}
    english = English(recipe.language_pipeline)
    support, negation = bounds["support"], bounds["negation"]
    assert isinstance(support, Support)
    assert isinstance(negation, Negation)
    grounding = [
        NumbersGate(),
        AddressesGate(),
        NamesGate(english),
        SupportGate(english, support.min_share),
        NegationGate(english, negation.max_doubt),
    ]
    form = [PointOfViewGate(), RefusalAndMetaGate(), RepetitionGate(0.2), CopiedSpanGate(0.7, 6), LanguageGate(0.5)]
    return grounding, form


def failures(samples: Sequence[Summary], tried: list) -> list[set[str]]:
    """The gates that each sample fails."""
    verdicts = [gate.judge(samples) for gate in tried]
    return [{verdict.gate for verdict in row if not verdict.passed} for row in zip(*verdicts, strict=True)]


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=500, help="faults of each kind")
    parser.add_argument("--mails", type=int, default=4, help="every so many of the 7,000 references of AESLC")
    options = parser.parse_args()
    console = Console(width=150)
    grounding, form = gates()
    english = grounding[2]._english
    sets = {name: load(SHARED / "data" / "summarization", name) for name in SETS}
    sets["AESLC"] = sets["AESLC"][:: options.mails]
    sets = {name: [s for s in samples if is_held_out(s)] for name, samples in sets.items()}

    table = Table(title="human references that pass", box=SIMPLE_HEAD)
    names = [gate.name for gate in grounding]
    for column in ("set", "references", *names, "all of them", *(gate.name for gate in form)):
        table.add_column(column, justify="left" if column == "set" else "right")
    total: Counter[str] = Counter()
    for name, samples in sets.items():
        failed = failures(samples, grounding)
        formal = failures(samples, form)
        passed = Counter(gate for row in failed for gate in names if gate not in row)
        passed.update(gate.name for row in formal for gate in form if gate.name not in row)
        passed["all"] = sum(not row for row in failed)
        total.update(passed)
        total["references"] += len(samples)
        cells = [*names, "all", *(gate.name for gate in form)]
        table.add_row(name, f"{len(samples):,}", *(share(passed[cell], len(samples)) for cell in cells))
    cells = [*names, "all", *(gate.name for gate in form)]
    table.add_row("together", f"{total['references']:,}", *(share(total[c], total["references"]) for c in cells))
    console.print(table)

    table = Table(title="planted faults that are caught", box=SIMPLE_HEAD)
    for column in ("fault", "planted", "caught", "by its own gate", "gates"):
        table.add_column(column, justify="left" if column in ("fault", "gates") else "right")
    samples = [s for name in SETS for s in load(SHARED / "data" / "summarization", name) if is_held_out(s)]
    for fault in [*(f for f in FAULTS if f not in HARD), *HARD]:
        planted = plant(fault, samples, options.count, 0, english)
        before = failures([p.original for p in planted], [*grounding, form[0]])
        after = failures([p.sample for p in planted], [*grounding, form[0]])
        caught = sum(bool(row) for row in after)
        newly = Counter(gate for old, new in zip(before, after, strict=True) for gate in new - old)
        new_any = sum(bool(new - old) for old, new in zip(before, after, strict=True))
        shown = ", ".join(f"{gate} {count}" for gate, count in newly.most_common())
        table.add_row(fault, str(len(planted)), share(caught, len(planted)), share(new_any, len(planted)), shown)
        if fault == [f for f in FAULTS if f not in HARD][-1]:
            table.add_section()
    console.print(table)
    console.print(
        "caught: a gate rejects the faulty reference. by its own gate: one rejects it that lets the reference pass."
    )


if __name__ == "__main__":
    main()
