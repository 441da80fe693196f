"""The account of a generation: from the shards' accounts and the journal, and as tables."""

from collections import Counter
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from datagen.gates.waterfall import add_gate
from datagen.journal.journal import Journal
from datagen.run.plan import GenerationPlan
from datagen.run.sort import merge
from datagen.run.stages.keep import GATE
from datagen.run.stages.outputs import ACCOUNTS
from datagen.run.stages.payloads import STAGE as PAYLOADS_STAGE
from pipelines.engine.outputs.files import read_bytes
from schemas.generation.report import GenerationReport, ShardAccount, Spending
from schemas.generation.response import RETRYABLE
from schemas.generation.teacher import Price
from schemas.manifest import Counts
from schemas.waterfall import GateCount, Waterfall

REPORT = "report.json"


def make_report(plan: GenerationPlan, teacher: str, counts: Counts) -> GenerationReport:
    """Add up what the shards have counted, and what the journal says was spent by all runs.

    ``counts`` are those of the manifest.
    """
    accounts = [ShardAccount.model_validate_json(_account(plan, f"{shard.name}.json")) for shard in plan.shards]
    last = merge(Waterfall.model_validate_json(_account(plan, f"{shard.name}.{GATE}.json")) for shard in plan.shards)
    judged = merge(account.waterfall for account in accounts)
    waterfall = judged.model_copy(update={"gates": (*judged.gates, *last.gates), "kept": last.kept})
    spending = read_spending(plan)
    failures = sum((Counter(account.failures) for account in accounts), Counter())
    tokens = spending.prompt_tokens + spending.completion_tokens
    kept = waterfall.kept
    return GenerationReport(
        teacher=teacher,
        payloads=sum(record.counts.input for record in plan.done.of_stage(PAYLOADS_STAGE)),
        waterfall=Waterfall.model_validate(waterfall.model_dump()),
        failures=dict(sorted(failures.items())),
        dead_letters=counts.dead_letters,
        skipped=counts.skipped,
        instructions=_add_instructions(accounts),
        twins=sum(account.twins for account in accounts),
        corrected=sum(account.corrected for account in accounts),
        spending=spending,
        tokens_per_kept=tokens / kept if kept else None,
        cost_per_kept=spending.cost / kept if kept and spending.cost is not None else None,
    )


def _add_instructions(accounts: Sequence[ShardAccount]) -> GateCount | None:
    counts = [account.instructions for account in accounts if account.instructions is not None]
    return add_gate(counts) if counts else None


def _account(plan: GenerationPlan, name: str) -> bytes:
    return read_bytes(plan.layout.uri(f"{ACCOUNTS}/{name}"))


def read_spending(plan: GenerationPlan) -> Spending:
    """What all runs in the folder have spent."""
    return spent_in(plan.journal, plan.recipe.teacher.price)


def spent_in(journal: str, price: Price | None) -> Spending:
    """What the outcomes in a journal have cost."""
    with Journal(journal, read_only=True) as opened:
        spent, requests = opened.spent, len(opened)
    cost = spent.cost(price)
    return Spending(requests=requests, prompt_tokens=spent.prompt, completion_tokens=spent.completion, cost=cost)


def describe(spending: Spending) -> str:
    """Tokens, requests and cost in a line."""
    line = (
        f"spent:  {spending.prompt_tokens:,} tokens of prompts + {spending.completion_tokens:,} of answers, "
        f"{spending.requests:,} requests"
    )
    return line if spending.cost is None else f"{line}, cost {spending.cost:,.4f}"


def print_report(report: GenerationReport, console: Console) -> None:
    """The waterfall, why requests failed, and what it cost."""
    console.print(waterfall_table(report))
    if report.twins:
        console.print(f"attacked twins asked about too: {report.twins:,}")
    for reason, count in report.failures.items():
        console.print(f"failed: {count:,} {reason.replace('_', ' ')}")
    line = describe(report.spending)
    if report.tokens_per_kept is not None:
        line += f"; per kept sample {report.tokens_per_kept:,.0f} tokens"
    if report.cost_per_kept is not None:
        line += f", cost {report.cost_per_kept:,.6f}"
    console.print(f"{line} (all runs in this folder)", soft_wrap=True)
    if "budget" in report.failures:
        console.print(
            f"the budget is spent: {report.failures['budget']:,} samples were not asked for. Run the same command with "
            "a higher --max-tokens or --max-cost to go on: what was answered is not paid again",
            soft_wrap=True,
        )
    if left := unanswered(report):
        console.print(
            f"WARNING: the teacher did not answer {left:,} requests (failures/ says why of each). See to it, then run "
            "the same command again: it asks these, and no other",
            style="bold red",
            soft_wrap=True,
        )


def unanswered(report: GenerationReport) -> int:
    """Requests that failed because of the teacher, and that the same command asks again; those beyond a budget not."""
    asked_again = {str(reason) for reason, may_be_answered in RETRYABLE.items() if may_be_answered} - {"budget"}
    return sum(count for reason, count in report.failures.items() if reason in asked_again)


def waterfall_table(report: GenerationReport) -> Table:
    """A line for each gate that a sample came to: how many it took out or marked, and the reason that most had."""
    waterfall, left = report.waterfall, report.payloads
    table = Table(title="generated samples")
    for column in ("gate", "came", "failed", "most often", "example"):
        table.add_column(column, justify="right" if column in ("came", "failed") else "left")
    dead = {f"dead letter: {error_class}": count for error_class, count in report.dead_letters.items()}
    for reason, count in (*dead.items(), *report.skipped.items()):
        table.add_row("payloads read", f"{left:,}", f"{count:,}", reason, "")
        left -= count
    table.add_row("payloads", f"{left:,}", "", "", "")
    if report.instructions is not None:
        table.add_row(*_cells(report.instructions, "payloads: "))
    table.add_section()
    table.add_row("generated", f"{waterfall.generated:,}", "", "", "")
    table.add_row("parsed", f"{waterfall.generated:,}", f"{waterfall.generated - waterfall.parsed:,}", "", "")
    for gate in waterfall.gates:
        if gate.judged:
            table.add_row(*_cells(gate))
    table.add_section()
    table.add_row("kept", f"{waterfall.kept:,}", "", "", "", style="bold")
    return table


def _cells(gate: GateCount, prefix: str = "") -> tuple[str, ...]:
    reason = max(gate.reasons, key=lambda code: gate.reasons[code], default="")
    shown = next((each for each in gate.examples if each.reason == reason), None)
    example = f"{shown.detail or shown.text}"[:60].replace("\n", " ") if shown else ""
    name = f"{prefix}{gate.gate}{'' if gate.mode == 'on' else ' (marks)'}"
    return name, f"{gate.judged:,}", f"{gate.failed:,}", reason, example
