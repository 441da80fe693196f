"""`orchard benchmarks`: which benchmarks a corpus is kept clean of."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.tables import wide_console

if TYPE_CHECKING:
    from rich.table import Table

    from schemas.benchmark import IndexMetadata

app = typer.Typer(no_args_is_help=True)

IndexArgument = Annotated[Path, typer.Argument(metavar="INDEX", help="A file that `orchard benchmarks build` wrote.")]
Names = list[str]


@app.callback()
def benchmarks() -> None:
    """Index benchmarks, so that `orchard decontaminate` can keep them out of a corpus."""


@app.command()
def build(  # noqa: PLR0917 (every option is a parameter)
    files: Annotated[
        list[str],
        typer.Argument(metavar="FILE...", help="JSONL, JSON, Parquet, CSV or TSV files (.gz, .zst), paths or globs."),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="INDEX", help="The file to write.")],
    shortest: Annotated[
        int, typer.Option(metavar="N", help="Smallest n-gram of a benchmark, in words; 8 for all but huge corpora.")
    ] = 4,
    longest: Annotated[int, typer.Option(metavar="N", help="Largest n-gram of a benchmark, in words.")] = 13,
    suite: Annotated[str | None, typer.Option(help="Name of the benchmark; else the files say it.")] = None,
    subtask: Annotated[str | None, typer.Option(help="Its part, where the files do not say it.")] = None,
    split: Annotated[str | None, typer.Option(help="Its split, where the files do not say it.")] = None,
    revision: Annotated[str | None, typer.Option(help="Its version; else a digest over the items.")] = None,
    question: Annotated[Names | None, typer.Option(metavar="FIELD", help="Field of the question; repeatable.")] = None,
    choices: Annotated[Names | None, typer.Option(metavar="FIELD", help="Field of the choices; repeatable.")] = None,
    answer: Annotated[Names | None, typer.Option(metavar="FIELD", help="Field of the answer; repeatable.")] = None,
) -> None:
    """Read benchmark files and write an index of their n-grams.

    The usual fields are found by name (question, text, prompt, problem, choices, options, sol1, answer, ...); a dot
    leads into an object: question.stem. Passages are left out, as they mostly are public web text. The n of each
    benchmark is the 5th percentile of its items' words, between --shortest and --longest (AFM: 4 to 13).

    \b
    Examples:
      orchard benchmarks build 'benchmarks/*.jsonl.gz' --out benchmarks.index
      orchard benchmarks build mmlu/*.parquet gsm8k/*.parquet --out benchmarks.index --shortest 8
      orchard benchmarks build private.csv --question task --answer reference --suite ours --out ours.index
    """
    from pydantic import ValidationError
    from rich.console import Console

    from pipelines.decontaminate.build import BenchmarkSource, build_index_file
    from schemas.benchmark import BenchmarkColumns, IndexSettings

    try:
        settings = IndexSettings(shortest=shortest, longest=longest)
    except ValidationError as error:
        raise typer.BadParameter(str(error.errors()[0]["msg"]), param_hint="--shortest, --longest") from error
    named = {"question": question, "choices": choices, "answers": answer}
    columns = BenchmarkColumns.model_validate({field: fields for field, fields in named.items() if fields})
    names = {"suite": suite, "subtask": subtask, "split": split, "revision": revision}
    source = BenchmarkSource(files, columns, {name: value for name, value in names.items() if value})
    with Console(stderr=True).status("starting") as status:
        index = build_index_file(source, out, settings, status.update)
    about = index.metadata
    typer.echo(
        f"{out} ({out.stat().st_size / 1e6:.1f} MB): {len(about.benchmarks)} benchmarks, "
        f"{sum(each.items for each in about.benchmarks):,} items, {about.ngrams:,} n-grams, {about.fingerprint}"
    )
    typer.echo(f"look at it: orchard benchmarks check {out}")
    typer.echo(f"prove it: orchard decontaminate --self-test --index {out} --documents 'out/kept/*.parquet'")


@app.command("list")
def list_benchmarks(index: IndexArgument) -> None:
    """List the benchmarks of an index, with what is looked for of each.

    \b
    Example:
      orchard benchmarks list benchmarks.index
    """
    from filters.ngrams.index_file import load_index

    wide_console().print(_table(load_index(index).metadata))


@app.command()
def check(index: IndexArgument) -> None:
    """See that an index is whole, and what may go wrong with it: items that cannot be found, n-grams of templates.

    \b
    Example:
      orchard benchmarks check benchmarks.index
    """
    from rich.console import Console

    from pipelines.decontaminate.describe import check_index

    found, findings = check_index(index)
    about = found.metadata
    console = Console(highlight=False)
    console.print(
        f"{index}: sound; {len(about.benchmarks)} benchmarks, {found.ngrams.ngrams:,} n-grams, {about.fingerprint}",
        soft_wrap=True,
    )
    console.print(f"compared as: {about.normalisation}", soft_wrap=True)
    for finding in findings:
        colour = "yellow" if finding.severity == "warning" else "dim"
        console.print(f"[{colour}]{finding.severity}[/]  ", end="")
        console.print(finding.message, markup=False, soft_wrap=True)


def _table(about: "IndexMetadata") -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(
        title=f"{len(about.benchmarks)} benchmarks, {about.ngrams:,} distinct n-grams",
        caption="short: fewer than n words, found as a whole; exact: 1 to 3 words, found as a whole document; "
        "empty: cannot be found; answers: those of n words or more",
        box=SIMPLE_HEAD,
    )
    table.add_column("suite/subtask/split", no_wrap=True)
    for name in ("items", "n", "n-grams", "short", "exact", "empty", "answers"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("revision", overflow="fold")
    for each in about.benchmarks:
        counts = (each.items, each.n, each.ngrams, each.short_items, each.exact_items, each.empty_items, each.answers)
        table.add_row(each.name, *(f"{count:,}" for count in counts), each.revision)
    return table
