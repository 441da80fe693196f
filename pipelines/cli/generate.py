"""`orchard generate`: a teacher makes samples, gates decide which are good enough."""

from typing import Annotated

import typer

from pipelines.cli.errors import WORK
from pipelines.cli.options import MoreInputs, OutOption, RunnerOption, split_options

GenerationRecipe = Annotated[
    str, typer.Argument(metavar="RECIPE", help="A recipe file, or the name of one that comes with Orchard: summaries.")
]
PayloadInput = Annotated[
    list[str],
    typer.Option("--input", "-i", metavar="GLOB", help="Payloads: .jsonl (.gz, .zst), .mbox, .eml, .txt, Maildirs."),
]
LimitOption = Annotated[
    int | None, typer.Option("--limit", min=1, help="Make so many prompts, spread evenly over the inputs.")
]
TeacherOption = Annotated[
    str | None,
    typer.Option(
        "--teacher",
        help="endpoint, vllm, embedded or replay, in place of the recipe's; its settings: --set teacher.model=...",
    ),
]
GenerationSet = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="KEY=VALUE", help="Change a setting of the recipe: gates.support.mode=mark."),
]
TokenBound = Annotated[
    int | None, typer.Option("--max-tokens", min=1, help="Spend no more tokens than this, over all runs in the folder.")
]
WorkersOption = Annotated[
    int | None,
    typer.Option(
        "--workers", "-w", min=1,
        help="Worker processes, one if not given: one asks as many at once as a teacher serves, more judge faster.",
    ),
]  # fmt: skip
CostBound = Annotated[
    float | None, typer.Option("--max-cost", min=0, help="Spend no more than this, in the currency of teacher.price.")
]


def generate(  # noqa: PLR0917
    recipe: GenerationRecipe,
    inputs: PayloadInput,
    out: OutOption,
    more: MoreInputs = None,
    limit: LimitOption = None,
    teacher: TeacherOption = None,
    max_tokens: TokenBound = None,
    max_cost: CostBound = None,
    workers: WorkersOption = None,
    runner: RunnerOption = "local",
    changes: GenerationSet = None,
) -> None:
    """Ask a teacher about payloads, judge its answers; write [bold]kept/[/], [bold]rejected/[/], [bold]failures/[/].

    An answer is paid once: interrupted, killed, or run again with other gates, the same command asks only what was
    never answered. The key of an endpoint is read from the environment (ORCHARD_API_KEY).

    \b
    Examples:
      orchard generate summaries --input 'mail/*.mbox' --out out --limit 300
      orchard generate summaries -i 'mail/*.mbox' -o out --teacher endpoint --max-tokens 2000000 \\
          --set teacher.url=http://127.0.0.1:8000/v1 --set teacher.model=my-model
      orchard generate summaries -i 'mail/*.mbox' -o out --teacher vllm --set teacher.model=models/my-model \\
          --set teacher.python=vllm-env/bin/python
      orchard generate summaries -i 'gs://bucket/*.jsonl.gz' -o gs://bucket/out --teacher vllm \\
          --runner DataflowRunner --project=my-project --region=europe-west1 --temp_location=gs://bucket/tmp
    """
    patterns, beam_arguments = split_options(more or [], runner)

    from rich.console import Console

    from datagen.run.plan import plan_generation
    from datagen.run.report import print_report, unanswered
    from datagen.run.run import output_folder, run_generation
    from datagen.run.session import Bounds
    from datagen.run.stages.outputs import FAILURES, REJECTED
    from pipelines.engine.job import RunOptions
    from schemas.recipe.load import load_summaries

    console = Console()
    loaded = load_summaries(recipe, teacher_changes(teacher, changes))
    plan = plan_generation(loaded, [*inputs, *patterns], out, limit, Bounds(max_tokens, max_cost))
    report = run_generation(plan, RunOptions(runner, workers or 1, tuple(beam_arguments)), console)
    print_report(report, console)
    for kind in ("kept", REJECTED, FAILURES):
        console.print(f"{kind + ':':<10}{output_folder(plan.layout, kind)}", soft_wrap=True)
    if unanswered(report) and not report.waterfall.generated:
        raise typer.Exit(WORK)


def teacher_changes(teacher: str | None, changes: list[str] | None) -> list[str]:
    """The changes to a recipe, the first of which puts another kind of teacher in."""
    return [*([f"teacher={{type: {teacher}}}"] if teacher else []), *(changes or [])]
