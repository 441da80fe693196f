"""`orchard plan`: what a run would do."""

import os

import typer

from pipelines.cli.generate import LimitOption, TeacherOption, teacher_changes
from pipelines.cli.options import InputOption, MoreInputs, OutOption, RecipeArgument, SetOption, WorkersOption


def plan(  # noqa: PLR0917
    recipe: RecipeArgument,
    inputs: InputOption,
    out: OutOption,
    more: MoreInputs = None,
    workers: WorkersOption = None,
    changes: SetOption = None,
    limit: LimitOption = None,
    teacher: TeacherOption = None,
) -> None:
    """Say what a run would do: inputs and bytes, what is done already, disk and memory it needs. It writes nothing.

    For a recipe of generation it asks 50 prompts and says what tokens, time and money all would take; of these it
    writes the answers down, for the run.

    \b
    Examples:
      orchard plan web-en --input 'crawl/*.warc.gz' --out out
      orchard plan summaries --input 'mail/*.mbox' --out out --teacher embedded
      orchard plan recipes/fineweb.yaml -i 'crawl/*.warc.gz' -o out --set 'extract={engine: resiliparse}'
    """
    from rich.console import Console

    from schemas.recipe.load import load_recipe, names_a_task

    if names_a_task(recipe):
        _plan_generation(recipe, [*inputs, *(more or [])], out, limit, teacher_changes(teacher, changes))
        return

    from pipelines.job.estimate import print_plan
    from pipelines.job.plan import plan_run

    loaded = load_recipe(recipe, changes or [])
    enough = print_plan(
        loaded, plan_run(loaded, [*inputs, *(more or [])], out), workers or os.cpu_count() or 1, Console()
    )
    if not enough:
        raise typer.Exit(1)


def _plan_generation(recipe: str, inputs: list[str], out: str, limit: int | None, changes: list[str]) -> None:
    from rich.console import Console

    from datagen.run.estimate import estimate, print_estimate
    from datagen.run.plan import plan_generation
    from datagen.run.session import Bounds
    from schemas.recipe.load import load_summaries

    console = Console()
    plan = plan_generation(load_summaries(recipe, changes), inputs, out, limit, Bounds())
    print_estimate(estimate(plan, console), console)
