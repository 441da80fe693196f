"""`orchard decontaminate`: keep benchmarks out of a corpus, and prove it."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.tables import wide_console

if TYPE_CHECKING:
    from rich.console import Console

    from pipelines.decontaminate.self_test import SelfTest

CAPTION = (
    "case: and punctuation; space: white space and line breaks; inside: between two words of a paragraph; "
    "these and verbatim lose no word. Then 1, 2 or 10 % of the words are others, or only the first half is there"
)


def decontaminate(
    index: Annotated[Path, typer.Option("--index", metavar="INDEX", help="What `orchard benchmarks build` wrote.")],
    self_test: Annotated[
        bool, typer.Option("--self-test", help="Plant items into documents, and see whether they are found.")
    ] = False,
    documents: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Texts to plant in (Parquet, JSONL, WET); made-up ones if not given."),
    ] = None,
    items: Annotated[int, typer.Option(min=1, help="Most items of a benchmark that are planted.")] = 50,
    seed: Annotated[int, typer.Option(help="Chooses items, documents, places and edits.")] = 0,
) -> None:
    """Prove that an index finds benchmarks: recall by benchmark and edit, and what it flags in documents as they are.

    Ends with 1 if any item is missed that was planted without losing a word.

    \b
    Examples:
      orchard decontaminate --self-test --index benchmarks.index
      orchard decontaminate --self-test --index benchmarks.index --documents 'out/kept/*.parquet'
    """
    if not self_test:
        raise typer.BadParameter("give --self-test", param_hint="--self-test")

    from rich.console import Console

    from filters.ngrams.index_file import load_index
    from pipelines.decontaminate.self_test import self_test as test

    loaded = load_index(index)
    with Console(stderr=True).status("starting") as status:
        result = test(loaded, documents or [], items, seed, status.update)
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
