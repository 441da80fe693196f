"""`orchard run`: a recipe on inputs."""

import os

from pipelines.cli.options import (
    InputOption,
    MoreInputs,
    OutOption,
    RecipeArgument,
    RunnerOption,
    SetOption,
    WorkersOption,
    split_options,
)


def run(  # noqa: PLR0917
    recipe: RecipeArgument,
    inputs: InputOption,
    out: OutOption,
    more: MoreInputs = None,
    workers: WorkersOption = None,
    changes: SetOption = None,
    runner: RunnerOption = "local",
) -> None:
    """Run a recipe: read, extract, measure, decide, write [bold]kept/[/], [bold]dropped/[/], [bold]dead-letters/[/].

    A run that was interrupted goes on where it ended: repeat the same command. What is done is not done again.

    \b
    Examples:
      orchard run web-en --input 'crawl/*.warc.gz' --out out
      orchard run recipes/fineweb.yaml --input 'crawl/*.warc.gz' --out out --workers 2
      orchard run fineweb -i 'wet/*.wet.gz' -o out --set filters.gopher_quality.word_count.min=20
      orchard run fineweb -i 'gs://bucket/*.warc.gz' -o gs://bucket/out --runner DataflowRunner \\
          --project=my-project --region=europe-west1 --temp_location=gs://bucket/tmp
    """
    patterns, beam_arguments = split_options(more or [], runner)
    wide = workers or os.cpu_count() or 1
    if runner == "local":
        _start_workers(recipe, changes or [], wide)

    from rich.console import Console

    from pipelines.demo.queries import duckdb_command
    from pipelines.engine.job import RunOptions
    from pipelines.engine.outputs.files import join
    from pipelines.engine.outputs.layout import DROPPED
    from pipelines.job.funnel import print_summary
    from pipelines.job.run import run_recipe
    from schemas.recipe.load import load_recipe

    console = Console(stderr=False)
    options = RunOptions(runner, wide, tuple(beam_arguments))
    manifest = run_recipe(load_recipe(recipe, changes or []), [*inputs, *patterns], out, options, console)
    print_summary(manifest, out, console)
    if manifest.counts.dropped:
        why = duckdb_command(f'FROM "{join(out, DROPPED)}/*.parquet" SELECT uri, verdict')
        console.print(f"why was it dropped? {why}", highlight=False, markup=False, soft_wrap=True)


def _start_workers(recipe: str, changes: list[str], workers: int) -> None:
    """Let what workers need be loaded while this process reads the recipe and plans."""
    from pipelines.engine.forks.client import CAN_FORK, start

    if workers > 1 and CAN_FORK:
        server = start()
        server.call("pipelines.engine.forks.worker:import_beam", None)
        server.call("pipelines.job.warm_up:warm_up", [recipe, changes])
