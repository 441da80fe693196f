"""Options that several commands share."""

from typing import Annotated

import typer

RecipeArgument = Annotated[
    str, typer.Argument(metavar="RECIPE", help="A recipe file, or the name of one that comes with Orchard: web-en.")
]
InputOption = Annotated[
    list[str],
    typer.Option(
        "--input",
        "-i",
        metavar="GLOB",
        help="WARC, WET, Parquet or JSONL files: paths or patterns, local, gs://, s3://.",
    ),
]
OutOption = Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="Folder for the outputs; it is resumed.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="Change a setting of the recipe: filters.gopher_quality.word_count.min=20."
    ),
]
WorkersOption = Annotated[
    int | None, typer.Option("--workers", "-w", min=1, help="Worker processes; all processors if not given.")
]
MoreInputs = Annotated[
    list[str] | None, typer.Argument(metavar="[GLOB]...", help="More inputs, as an unquoted pattern gives them.")
]
RunnerOption = Annotated[
    str, typer.Option("--runner", help="local, or a Beam runner; its options follow: --region=europe-west1.")
]


def split_options(values: list[str], runner: str) -> tuple[list[str], list[str]]:
    """Further inputs, and Beam's options, from the first ``--`` on. Raises BadParameter: the runner takes none."""
    first = next((position for position, value in enumerate(values) if value.startswith("--")), len(values))
    if values[first:] and runner == "local":
        raise typer.BadParameter(f"no such option: {values[first]} (options of Beam need --runner)")
    return values[:first], values[first:]
