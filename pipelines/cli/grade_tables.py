"""How the grades of an evaluation are printed."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.markup import escape
from rich.table import Table

from datagen.evaluation.report.agreement import GraderAgreement
from datagen.evaluation.report.differences import Difference
from datagen.evaluation.report.report import Report
from datagen.evaluation.report.shares import SystemGrades
from pipelines.cli.tables import wide_console


def print_grades(report: Report) -> None:
    """Shares by task and system, differences of systems, agreement of graders."""
    _print_shares(report.systems)
    _print_differences(report.differences)
    _print_agreement(report.agreement)


def _table(title: str, names: Sequence[str], numbers: Sequence[str]) -> Table:
    table = Table(title=title, box=SIMPLE_HEAD)
    for name in names:
        table.add_column(name, no_wrap=True)
    for name in numbers:
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _print_shares(systems: Sequence[SystemGrades]) -> None:
    table = _table(
        "share of summaries, with 95 % intervals", ("system", "dimension"), ("summaries", "good", "neutral", "poor")
    )
    tasks = dict.fromkeys(system.task for system in systems)
    for task in tasks:
        table.add_row(f"[bold]{task.use_case} {task.product}[/]")
        for system in (each for each in systems if each.task == task):
            for name, shares in (("all five", system.overall), *system.dimensions.items()):
                cells = (f"{one.share:.1%} ({100 * one.low:.1f}-{100 * one.high:.1f})" for one in shares.values())
                table.add_row(escape(system.system), name.replace("_", " "), f"{system.items:,}", *cells)
            table.add_section()
    wide_console().print(table)


def _print_differences(differences: Sequence[Difference]) -> None:
    if differences:
        table = _table(
            "difference of the shares of good summaries, in points, on what both answered",
            ("task", "system", "less"), ("summaries", "difference", "95 % interval"),
        )  # fmt: skip
        for one in differences:
            table.add_row(
                " ".join(one.task), escape(one.system), escape(one.other), f"{one.items:,}",
                f"{100 * one.difference:+.1f}", f"{100 * one.low:+.1f} to {100 * one.high:+.1f}",
            )  # fmt: skip
        wide_console().print(table)


def _print_agreement(agreements: Sequence[GraderAgreement]) -> None:
    if agreements:
        table = _table(
            "agreement of graders: same grade, and Cohen's kappa with linear weights",
            ("grader", "other", "on"), ("summaries", "same", "kappa"),
        )  # fmt: skip
        for one in agreements:
            for name, found in (("all five", one.overall), *one.dimensions.items()):
                kappa = "" if found.kappa is None else f"{found.kappa:.2f}"
                table.add_row(
                    escape(one.grader), escape(one.other), name.replace("_", " "), f"{one.summaries:,}",
                    f"{found.equal:.1%}", kappa,
                )  # fmt: skip
            table.add_section()
        wide_console().print(table)
