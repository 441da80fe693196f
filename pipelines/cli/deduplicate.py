"""`orchard deduplicate`: which documents of a corpus are copies."""

import os
from typing import Annotated

import typer

from pipelines.cli.options import MoreInputs, OutOption, RecipeArgument, SetOption, WorkersOption


def deduplicate(  # noqa: PLR0917
    recipe: RecipeArgument,
    inputs: Annotated[
        list[str], typer.Option("--input", "-i", metavar="GLOB", help="Documents: the kept/*.parquet of runs.")
    ],
    out: OutOption,
    more: MoreInputs = None,
    against: Annotated[
        list[str] | None,
        typer.Option(
            "--against",
            metavar="DIR",
            help="Folder of an earlier deduplicated run: it stays as it is, what repeats it is dropped.",
        ),
    ] = None,
    workers: WorkersOption = None,
    changes: SetOption = None,
) -> None:
    """Drop the copies among documents: same address, same text, similar text (MinHash, verified by true similarity).

    Only the section `deduplicate` of the recipe counts. Every dropped document names the one that was kept instead.
    The folder gets signatures/ too: give it to --against when the next crawl comes.

    \b
    Examples:
      orchard deduplicate web-en -i 'out/kept/*.parquet' -o unique
      orchard deduplicate web-en -i 'january/kept/*.parquet' -i 'february/kept/*.parquet' -o unique
      orchard deduplicate web-en -i 'march/kept/*.parquet' -o march-unique --against unique
      orchard deduplicate web-en -i 'out/kept/*.parquet' -o unique --set deduplicate.minhash.min_jaccard=0.9
    """
    from datetime import UTC, datetime

    from rich.console import Console

    from pipelines.engine.job import RunOptions
    from pipelines.job.funnel import print_summary
    from pipelines.job.plan import plan_deduplication
    from pipelines.job.run import run_plan
    from schemas.recipe.load import load_recipe

    console, started = Console(), datetime.now(UTC)
    plan = plan_deduplication(load_recipe(recipe, changes or []), [*inputs, *(more or [])], out, against or [])
    manifest = run_plan(plan, RunOptions(workers=workers or os.cpu_count() or 1), console, started)
    print_summary(manifest, out, console)
