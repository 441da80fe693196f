"""`orchard validate`: is this output, or this input, what it should be?"""

from typing import Annotated

import typer


def validate(
    paths: Annotated[list[str], typer.Argument(metavar="PATH", help="Folders of runs, folders of files, or files.")],
    text_column: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Where foreign input has its text; may be given again.")
    ] = None,
) -> None:
    """Check outputs of Orchard, or foreign Parquet and JSONL (.gz, .zst) meant as input.

    Of a run: manifests, schemas, versions, every value, digests and sums. Names the first wrong row of each file; ends
    with exit code 1 if there is any.

    \b
    Examples:
      orchard validate out                         a whole run
      orchard validate out/kept/web-00.parquet     one file of it
      orchard validate corpus --text-column body   input that others made
    """
    from pipelines.validate import Passed, validate_path

    checked = wrong = 0
    for path in paths:
        for result in validate_path(path, text_column or ()):
            checked += 1
            if isinstance(result, Passed):
                typer.echo(f"ok     {result.file}: {result.summary}")
            else:
                wrong += 1
                typer.echo(f"WRONG  {result}", err=True)
    typer.echo(f"{checked} checked, {wrong} wrong")
    if wrong:
        raise typer.Exit(1)
