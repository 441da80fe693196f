"""`orchard plan`: what a run would do."""

import os
from typing import Annotated

import typer

from pipelines.cli.options import InputOption, OutOption, RecipeArgument, SetOption, WorkersOption


def plan(  # noqa: PLR0917
    recipe: RecipeArgument,
    inputs: InputOption,
    out: OutOption,
    more: Annotated[
        list[str] | None, typer.Argument(metavar="[GLOB]...", help="More inputs, as an unquoted pattern gives them.")
    ] = None,
    workers: WorkersOption = None,
    changes: SetOption = None,
) -> None:
    """Say what a run would do: inputs and bytes, what is done already, disk and memory it needs. Nothing is written.

    \b
    Examples:
      orchard plan web-en --input 'crawl/*.warc.gz' --out out
      orchard plan recipes/fineweb.yaml -i 'crawl/*.warc.gz' -o out --set extract.engine=resiliparse
    """
    from rich.console import Console

    from pipelines.job.estimate import print_plan
    from pipelines.job.plan import plan_run
    from schemas.recipe.load import load_recipe

    loaded = load_recipe(recipe, changes or [])
    enough = print_plan(
        loaded, plan_run(loaded, [*inputs, *(more or [])], out), workers or os.cpu_count() or 1, Console()
    )
    if not enough:
        raise typer.Exit(1)
