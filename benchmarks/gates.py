"""What the gates of summaries let pass and what they catch: human references, and faults planted in them.

    python -m benchmarks.gates [--count 500] [--mails 4] [--tuning]

Only payloads of the half that no rule or bound was chosen on (`is_held_out`); `--tuning`: of the other half. Needs the
optional data folder (environment variable ORCHARD_SHARED, else ../shared). Faults that bring in something new come
first; those below the line use only what the payload has: rules find some, the rest is for a model of entailment.
"""

import argparse
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from benchmarks.summary_gates.forms import lines, replies, titles
from benchmarks.summary_gates.plant import FAULTS, plant
from benchmarks.summary_gates.references import SETS, is_held_out, load
from datagen.gates.grounding.addresses import AddressesGate
from datagen.gates.grounding.affirmation import AffirmationGate
from datagen.gates.grounding.coverage import CoverageGate
from datagen.gates.grounding.english import English
from datagen.gates.grounding.names import NamesGate
from datagen.gates.grounding.negation import NegationGate
from datagen.gates.grounding.number_context import NumberContextGate
from datagen.gates.grounding.numbers import NumbersGate
from datagen.gates.grounding.relevance import RelevanceGate
from datagen.gates.grounding.roles import RolesGate
from datagen.gates.grounding.statement import StatementGate
from datagen.gates.grounding.support import SupportGate
from datagen.gates.grounding.title_claims import TitleClaimsGate
from datagen.gates.grounding.title_words import TitleWordsGate
from datagen.gates.rules.copied_span import CopiedSpanGate
from datagen.gates.rules.harmful_words import HarmfulWordsGate
from datagen.gates.rules.language import LanguageGate
from datagen.gates.rules.point_of_view import PointOfViewGate
from datagen.gates.rules.refusal_and_meta import RefusalAndMetaGate
from datagen.gates.rules.repetition import RepetitionGate
from datagen.gates.rules.reply import ReplyGate
from datagen.gates.rules.spelling import SpellingGate
from datagen.products.summary import Summary
from schemas.recipe.load import load_summaries

SHARED = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).resolve().parents[2] / "shared"))
NO_BOUND = 1_000
HARD = ("names_exchanged", "person_replaced", "negation_removed", "number_from_payload")


def gates() -> tuple[list, list]:
    recipe = load_summaries("summaries")
    bounds = {step.type: step for step in recipe.gates}
    english = English(recipe.language_pipeline, kept=1_000_000)
    support, negation = bounds["support"], bounds["negation"]
    grounding = [
        NumbersGate(),
        AddressesGate(),
        NamesGate(english),
        SupportGate(english, support.min_share),
        NegationGate(english, negation.max_doubt),
        AffirmationGate(english),
        NumberContextGate(english, bounds["number_context"].max_doubt),
        RolesGate(english, bounds["roles"].max_doubt),
    ]
    form = [
        PointOfViewGate(),
        RefusalAndMetaGate(),
        RepetitionGate(bounds["repetition"].max_share),
        CopiedSpanGate(bounds["copied_span"].max_share, bounds["copied_span"].span),
        LanguageGate(bounds["language"].min_score),
        HarmfulWordsGate(),
        coverage_gate(english),
    ]
    return grounding, form


def coverage_gate(english: English) -> CoverageGate:
    (bound,) = (step for step in load_summaries("summaries").gates if step.type == "coverage")
    return CoverageGate(english, bound.min_share, bound.min_share_of_title)


def failures(samples: Sequence[Summary], tried: list) -> list[set[str]]:
    """The gates that each sample fails."""
    verdicts = [gate.judge(samples) for gate in tried]
    return [{verdict.gate for verdict in row if not verdict.passed} for row in zip(*verdicts, strict=True)]


def share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "-"


def references_table(sets: Mapping[str, Sequence[Summary]], grounding: list, form: list) -> Table:
    table = Table(title="human references that pass", box=SIMPLE_HEAD)
    names = [gate.name for gate in grounding]
    cells = [*names, "all", *(gate.name for gate in form)]
    for column in ("set", "references", *names, "all of them", *(gate.name for gate in form)):
        table.add_column(column, justify="left" if column == "set" else "right")
    total: Counter[str] = Counter()
    for name, samples in sets.items():
        failed, formal = failures(samples, grounding), failures(samples, form)
        passed = Counter(gate for row in failed for gate in names if gate not in row)
        passed.update(gate.name for row in formal for gate in form if gate.name not in row)
        passed["all"] = sum(not row for row in failed)
        total.update(passed)
        total["references"] += len(samples)
        table.add_row(name, f"{len(samples):,}", *(share(passed[cell], len(samples)) for cell in cells))
    table.add_row("together", f"{total['references']:,}", *(share(total[c], total["references"]) for c in cells))
    return table


def forms_table(sets: Mapping[str, Sequence[Summary]], english: English) -> Table:
    """What people wrote, as answers of the product whose form it has, held against the gates of short answers."""
    recipe = load_summaries("summaries")
    product = {product.name: product for product in recipe.products}
    (bound,) = (step for step in recipe.gates if step.type == "title_words")
    (claims,) = (step for step in recipe.gates if step.type == "title_claims")
    talks = [*sets["DialogSum"], *sets["SAMSum"]]
    made = {
        **titles(sets["AESLC"], product["title"]),
        **{f"toplines: {name}": lines(sets[name], product["topline"]) for name in ("DialogSum", "SAMSum", "XSum")},
        **replies(talks, product["replies"]),
    }
    tried = {
        "spelling": SpellingGate(english),
        "statement": StatementGate(english),
        "title_words": TitleWordsGate(english, bound.min_own, bound.max_new),
        "without min_own": TitleWordsGate(english, 0, bound.max_new),
        "title_claims": TitleClaimsGate(english, claims.max_apart),
        "without max_apart": TitleClaimsGate(english, NO_BOUND),
        "reply": ReplyGate(),
        "coverage": coverage_gate(english),
        "relevance": RelevanceGate(english),
    }
    table = Table(title="people's short forms that pass", box=SIMPLE_HEAD)
    for column in ("what", "number", *tried):
        table.add_column(column, justify="left" if column == "what" else "right")
    for name, samples in made.items():
        passed = [sum(verdict.passed for verdict in gate.judge(samples)) for gate in tried.values()]
        table.add_row(name, f"{len(samples):,}", *(share(count, len(samples)) for count in passed))
    return table


def faults_table(samples: Sequence[Summary], count: int, tried: list, english: English) -> Table:
    """Faults are planted in references that all gates let pass: what rejects the faulty one has seen the fault."""
    good = [sample for sample, failed in zip(samples, failures(samples, tried), strict=True) if not failed]
    table = Table(title="planted faults that are caught", box=SIMPLE_HEAD)
    for column in ("fault", "planted", "caught", "gates"):
        table.add_column(column, justify="left" if column in ("fault", "gates") else "right")
    easy = [fault for fault in FAULTS if fault not in HARD]
    for fault in [*easy, *HARD]:
        found = failures([planted.sample for planted in plant(fault, good, count, 0, english)], tried)
        shown = ", ".join(f"{gate} {number}" for gate, number in Counter(g for row in found for g in row).most_common())
        table.add_row(fault, str(len(found)), share(sum(map(bool, found)), len(found)), shown)
        if fault == easy[-1]:
            table.add_section()
    return table


def coverage_line(sets: Mapping[str, Sequence[Summary]], gate: CoverageGate) -> str:
    """How often the reference of the next payload is seen to miss the point, its people renamed or not."""
    missed = total = 0
    for samples in sets.values():
        others = [*samples[7:], *samples[:7]]
        swapped = [Summary(s.payload, s.product, s.instruction, o.answer) for s, o in zip(samples, others, strict=True)]
        missed += sum(not verdict.passed for verdict in gate.judge(swapped))
        total += len(swapped)
    return f"references of another payload that the coverage gate rejects: {share(missed, total)} of {total:,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=500, help="faults of each kind")
    parser.add_argument("--mails", type=int, default=4, help="every so many of the 7,000 references of AESLC")
    parser.add_argument("--tuning", action="store_true", help="the half that bounds were chosen on, not the other")
    options = parser.parse_args()
    console = Console(width=220)
    grounding, form = gates()
    every = {name: load(SHARED / "data" / "summarization", name) for name in SETS}
    half = {name: [s for s in samples if is_held_out(s) != options.tuning] for name, samples in every.items()}
    sets = half | {"AESLC": half["AESLC"][:: options.mails]}
    console.print(references_table(sets, grounding, form))
    console.print(coverage_line(sets, form[-1]))
    console.print(forms_table(sets, grounding[2]._english))
    samples = [*half["DialogSum"], *half["SAMSum"], *half["XSum"], *half["AESLC"][:: max(1, options.mails // 2)]]
    console.print(faults_table(samples, options.count, [*grounding, form[0]], grounding[2]._english))


if __name__ == "__main__":
    main()
