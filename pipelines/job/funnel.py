"""What a run prints at its end: where everything is, and where the documents went."""

from rich.console import Console
from rich.table import Table

from pipelines.engine.outputs.files import join
from pipelines.engine.outputs.layout import CONTAMINATION_PAGE, MATCHES
from schemas.manifest import Finding, Manifest

BAR_WIDTH = 24
WIDE = 110
"""Characters from which a screen has room for bars beside the longest rule."""


def print_summary(manifest: Manifest, out: str, console: Console) -> None:
    """The funnel, the cost and the places of the outputs."""
    console.print(funnel_table(manifest, with_bars=console.width >= WIDE))
    timings = manifest.timings
    wall = (timings.finished_at - timings.started_at).total_seconds()
    if wall:
        console.print(
            f"{manifest.counts.input:,} records in {wall:.1f} s ({manifest.counts.input / wall:,.0f}/s), "
            f"peak memory {manifest.peak_memory_bytes / 1e9:.2f} GB"
        )
    console.print(
        f"kept:     {join(out, 'kept')}/*.parquet\ndropped:  {join(out, 'dropped')}/*.parquet", soft_wrap=True
    )
    if manifest.counts.dead_letters:
        console.print(f"failed:   {join(out, 'dead-letters')}/*.parquet", soft_wrap=True)
    if any(output.path == CONTAMINATION_PAGE for output in manifest.outputs):
        console.print(f"benchmarks: {join(out, CONTAMINATION_PAGE)}, {join(out, MATCHES)}/*.parquet", soft_wrap=True)
    console.print(f"manifest: {join(out, 'manifest.json')}", soft_wrap=True)
    for finding in manifest.findings:
        if finding.is_warning and finding.count:
            console.print(f"WARNING: {_sentence(finding)}", style="bold red", markup=False, soft_wrap=True)


def funnel_table(manifest: Manifest, with_bars: bool) -> Table:
    """Records in, then what took them out in the order of the rules, then what is left."""
    counts = manifest.counts
    title = f"{manifest.recipe['name']}: {counts.input:,} records in {manifest.shards} shard(s)"
    table = Table(title=title, min_width=len(title))
    table.add_column("rule")
    table.add_column("documents", justify="right")
    table.add_column("share", justify="right")
    if with_bars:
        table.add_column("")
    parts = [
        *((f"skipped: {reason}", count) for reason, count in counts.skipped.items()),
        *((f"failed: {kind}", count) for kind, count in counts.dead_letters.items()),
        *sorted(counts.dropped.items(), key=lambda item: -item[1]),
    ]
    for name, count in parts:
        table.add_row(*_row(name, count, counts.input, with_bars))
    table.add_section()
    table.add_row(*_row("kept", counts.kept, counts.input, with_bars), style="bold")
    return table


def _row(name: str, count: int, total: int, with_bars: bool) -> list[str]:
    share = count / total if total else 0.0
    bar = ["█" * round(BAR_WIDTH * share)] if with_bars else []
    return [name, f"{count:,}", f"{100 * share:.1f} %", *bar]


def _sentence(finding: Finding) -> str:
    """A finding in words; one that says whether, not how many, is its meaning."""
    if finding.whole is None:
        return finding.meaning
    return f"{finding.count:,} of {finding.whole:,} {finding.meaning}"
