"""`orchard decontaminate`: keep benchmarks out of a corpus, and prove it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import MoreInputs, SetOption, WorkersOption
from pipelines.cli.tables import wide_console

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.decontaminate.self_test import SelfTest
    from schemas.recipe.model import Recipe

CAPTION = (
    "case: and punctuation; space: white space and line breaks; inside: between two words of a paragraph; "
    "these and verbatim lose no word. Then 1, 2 or 10 % of the words are others, or only the first half is there"
)


def decontaminate(  # noqa: PLR0917 (every option is a parameter)
    recipe: Annotated[
        str | None,
        typer.Argument(metavar="RECIPE", help="A recipe file, or the name of one that comes with Orchard: web-en."),
    ] = None,
    inputs: Annotated[
        list[str] | None, typer.Option("--input", "-i", metavar="GLOB", help="Documents: the kept/*.parquet of runs.")
    ] = None,
    out: Annotated[
        str | None, typer.Option("--out", "-o", metavar="DIR", help="Folder for the outputs; it is resumed.")
    ] = None,
    more: MoreInputs = None,
    index: Annotated[
        Path | None,
        typer.Option("--index", metavar="INDEX", help="What `orchard benchmarks build` wrote; else the recipe's."),
    ] = None,
    workers: WorkersOption = None,
    changes: SetOption = None,
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Plant items into documents, and see whether they are found.")
    ] = False,
    documents: Annotated[
        list[str] | None,
        typer.Option(
            metavar="GLOB", help="Self-test: texts to plant in (Parquet, JSONL, WET); made-up ones if not given."
        ),
    ] = None,
    items: Annotated[int, typer.Option(min=1, help="Self-test: most items of a benchmark that are planted.")] = 50,
    seed: Annotated[int, typer.Option(help="Self-test: chooses items, documents, places and edits.")] = 0,
) -> None:
    """Drop, cut or mark the documents that hold items of benchmarks, or prove that an index finds them.

    Only the section `decontaminate` of the recipe counts. The folder gets contamination.md to read, matches/ with both
    passages side by side, and benchmarks/items.parquet: which items were seen, and which are clean.

    The self-test plants items and reports recall by benchmark and edit, and what the index flags in documents as they
    are. It ends with 1 if any item is missed that was planted without losing a word.

    \b
    Examples:
      orchard decontaminate web-en -i 'out/kept/*.parquet' -o clean --index benchmarks.index
      orchard decontaminate web-en -i 'out/kept/*.parquet' -o clean --index benchmarks.index \\
          --set decontaminate.mode=cut
      orchard decontaminate --self-test --index benchmarks.index --documents 'out/kept/*.parquet'
    """
    if self_test:
        if index is None:
            raise typer.BadParameter("a self-test needs an index", param_hint="--index")
        _self_test(index, documents or [], items, seed)
    elif recipe is None or not inputs or out is None:
        raise typer.BadParameter("give RECIPE, --input and --out; or --self-test", param_hint="RECIPE")
    else:
        _run(_load(recipe, index, changes or []), [*inputs, *(more or [])], out, workers)


def _load(recipe: str, index: Path | None, changes: list[str]) -> "Recipe":
    """The recipe, with the index that the option names in place of its own. Raises RecipeError."""
    from schemas.recipe.load import load_recipe

    return load_recipe(recipe, changes if index is None else [*changes, f"decontaminate.index={index}"])


def _run(recipe: "Recipe", inputs: list[str], out: str, workers: int | None) -> None:
    from datetime import UTC, datetime

    from rich.console import Console

    from pipelines.engine.job import RunOptions
    from pipelines.job.funnel import print_summary
    from pipelines.job.plan import plan_decontamination
    from pipelines.job.run import run_plan

    console, started = Console(), datetime.now(UTC)
    plan = plan_decontamination(recipe, inputs, out)
    manifest = run_plan(plan, RunOptions(workers=workers or os.cpu_count() or 1), console, started)
    print_summary(manifest, out, console)


def _self_test(index: Path, documents: list[str], items: int, seed: int) -> None:
    from rich.console import Console

    from filters.ngrams.index_file import load_index
    from pipelines.decontaminate.self_test import self_test as test

    loaded = load_index(index)
    with Console(stderr=True).status("starting") as status:
        result = test(loaded, documents, items, seed, status.update)
    _print(result, wide_console())
    if not result.holds():
        raise typer.Exit(1)


def _print(result: "SelfTest", console: "Console") -> None:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    from pipelines.decontaminate.plant import EDITS, LOSSLESS

    table = Table(title="share of planted items that were found", caption=CAPTION, box=SIMPLE_HEAD)
    table.add_column("benchmark", no_wrap=True)
    for name in ("planted", *EDITS):
        table.add_column(name, justify="right", no_wrap=True)
    for name, recall in result.recall.items():
        table.add_row(name, f"{recall['verbatim'].planted:,}", *(f"{recall[edit].share:.3f}" for edit in EDITS))
    table.add_section()
    planted = f"{result.total('verbatim').planted:,}"
    table.add_row("all", planted, *(f"{result.total(edit).share:.3f}" for edit in EDITS))
    console.print(table)
    for name, recall in result.recall.items():
        for edit in LOSSLESS:
            if recall[edit].missed is not None:
                console.print(f"missed ({name}, {edit}): {recall[edit].missed}", markup=False, soft_wrap=True)
    share = result.flagged / result.documents
    console.print(
        f"documents with nothing planted: {result.flagged:,} of {result.documents:,} flagged ({share:.2%}), before "
        "n-grams of common usage are left out"
    )
    for name, count in result.flagged_by_benchmark.most_common():
        console.print(f"  {name}: {count:,}, such as {result.examples[name][0]}", markup=False, soft_wrap=True)
