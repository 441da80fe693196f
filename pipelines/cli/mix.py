"""`orchard mix`: from token shards to the packed shards of each stage of training."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import MoreInputs, OutOption, SetOption, WorkersOption
from pipelines.cli.tables import wide_console

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from schemas.manifest import Manifest
    from schemas.mix_plan import MixPlan
    from schemas.mix_report import MixReport


def mix(  # noqa: PLR0917 (every option is a parameter)
    recipe: Annotated[
        str, typer.Argument(metavar="RECIPE", help="A mixture file, or the name of one that comes with Orchard.")
    ],
    inputs: Annotated[
        list[str], typer.Option("--input", "-i", metavar="GLOB", help="Token shards: the tokens/*.parquet of runs.")
    ],
    tokenizer: Annotated[
        str, typer.Option("--tokenizer", "-t", metavar="NAME", help="What made the tokens; it knows their ids.")
    ],
    out: OutOption,
    more: MoreInputs = None,
    workers: WorkersOption = None,
    changes: SetOption = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Only count, and say what each stage would read; no token is moved.")
    ] = False,
) -> None:
    """Choose, shuffle and pack documents for each stage of training: packed/<stage>/*.parquet, in reading order.

    Same token shards and recipe, same bytes, however they are divided. mixture.md says what was requested and read,
    what repeats, what is cut and padded; mixture.json says it to programs. `afm-stages` comes with Orchard.

    \b
    Examples:
      orchard mix afm-stages -i 'tokens/tokens/*.parquet' -t tokenizer -o mixed --set scale=1e-6 --plan
      orchard mix afm-stages -i 'tokens/tokens/*.parquet' -t tokenizer -o mixed --set scale=1e-6
      orchard mix mine.yaml -i 'web/tokens/*.parquet' -i 'code/tokens/*.parquet' -t tokenizer -o mixed
    """
    from rich.console import Console

    from pipelines.engine.job import RunOptions
    from pipelines.mix.run import count_only, load_report, plan_mix, run_mix
    from schemas.recipe.load import load_mixture

    console, options = Console(), RunOptions(workers=workers or os.cpu_count() or 1)
    job = plan_mix(load_mixture(recipe, changes or []), [*inputs, *(more or [])], tokenizer, out)
    if plan:
        _print_plan(count_only(job, options, console))
        return
    manifest = run_mix(job, options, console)
    _print_report(load_report(job.layout), manifest, out)


def _print_plan(plan: "MixPlan") -> None:
    console = wide_console()
    table = _table("what would be read")
    for part in plan.parts:
        for source in part.sources:
            passes = source.tokens / max(1, source.available)
            share = source.tokens / max(1, part.tokens)
            table.add_row(
                part.name, source.source, f"{source.share:.2%}", f"{share:.2%}", f"{source.tokens:,}", f"{passes:.3f}"
            )
        table.add_section()
    console.print(table)
    for part in plan.parts:
        for source in part.sources:
            if source.ran_out and part.sample_of is None:
                has = f"{source.source} has {source.most:,.0f} of the {source.requested:,.0f} tokens requested"
                _warn(console, f"{part.name}: {has}")


def _print_report(report: "MixReport", manifest: "Manifest", out: str) -> None:
    console = wide_console()
    table = _table(f"{report.recipe}: what each stage reads")
    for part in report.parts:
        for source in part.sources:
            table.add_row(
                part.name,
                source.source,
                f"{source.requested_share:.2%}",
                f"{source.share:.2%}",
                f"{source.tokens:,}",
                f"{source.passes:.3f}",
            )
        table.add_section()
    console.print(table)
    for part in report.parts:
        cuts = part.packings[part.packing]
        console.print(
            f"{part.name}: {part.sequences:,} sequences of {part.sequence_length:,}; {cuts.cut:,} of "
            f"{cuts.documents:,} documents cut, {cuts.cut_though_fitting:,} of them no longer than a sequence; "
            f"{cuts.padding_rate:.3%} padding",
            soft_wrap=True,
            highlight=False,
        )
    seconds = (manifest.timings.finished_at - manifest.timings.started_at).total_seconds()
    console.print(f"{seconds:.1f} s, peak memory {manifest.peak_memory_bytes / 1e9:.2f} GB", highlight=False)
    console.print(f"packed: {out}/packed/*/*.parquet\nreport: {out}/mixture.md", soft_wrap=True, markup=False)
    for finding in manifest.findings:
        if finding.is_warning and finding.count:
            _warn(console, f"{finding.count} {finding.meaning}")


def _table(title: str) -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(title=title, box=SIMPLE_HEAD)
    for name in ("stage", "source"):
        table.add_column(name, no_wrap=True)
    for name in ("requested", "read", "tokens", "passes"):
        table.add_column(name, justify="right", no_wrap=True)
    return table


def _warn(console: "Console", text: str) -> None:
    console.print(f"WARNING: {text}", style="bold red", markup=False, soft_wrap=True)
