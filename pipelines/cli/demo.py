"""`orchard demo`: the main job on input that every machine has."""

import os
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import WorkersOption


def demo(
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the pages (input/) and the outputs (run/).")
    ] = Path("out/demo"),
    pages: Annotated[
        int | None, typer.Option("--pages", metavar="N", min=1, help="At most so many pages; all if not given.")
    ] = None,
    workers: WorkersOption = None,
) -> None:
    """Try everything in two minutes: run the web pipeline on the documentation of Python and its packages.

    About 1,200 real pages are rendered by pydoc and written as WARC files; then the pipeline runs on them as on any
    crawl. Nothing is fetched. A second call renders nothing and runs only what is not done.

    \b
    Examples:
      orchard demo
      orchard demo --pages 100 --out /tmp/demo
    """
    from rich.console import Console

    from pipelines.demo import DOCUMENTATION
    from pipelines.demo.input import existing_input, make_input
    from pipelines.demo.queries import duckdb_commands
    from pipelines.engine.job import RunOptions
    from pipelines.job.funnel import print_summary
    from pipelines.job.run import run_recipe
    from schemas.recipe.load import load_recipe

    console = Console()
    recipe = load_recipe(DOCUMENTATION)
    processes = workers or os.cpu_count() or 1
    folder, run = out / "input", str(out / "run")
    found = existing_input(folder, pages)
    if found:
        console.print(f"using the pages in {folder}")
    else:
        console.print("rendering the documentation of Python and its packages (about 20 s on two processors)")
    made = found or make_input(folder, pages, processes)
    console.print(
        f"{made.pages:,} pages, {made.html_bytes / 1e6:.0f} MB of HTML, in {len(made.digests)} WARC files in {folder} "
        f"(left out: {len(made.too_big)} over 1 MB, {len(made.failed)} modules that do not import on this machine)"
    )
    manifest = run_recipe(recipe, [f"{folder}/*.warc.gz"], run, RunOptions(workers=processes), console)
    print_summary(manifest, run, console)
    console.print("\nAsk DuckDB why pages were dropped, and which of the kept ones are longest (paste into a shell):\n")
    for command in duckdb_commands(run):
        console.print(command, markup=False, highlight=False, soft_wrap=True)
        console.print()
