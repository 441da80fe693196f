"""`orchard tokenize`: from documents to token shards."""

import os
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import MoreInputs, OutOption, WorkersOption

if TYPE_CHECKING:
    from schemas.recipe.foreign import Foreign


def tokenize(  # noqa: PLR0917 (every option is a parameter)
    inputs: Annotated[
        list[str],
        typer.Option(
            "--input", "-i", metavar="GLOB", help="Documents: the kept/*.parquet of runs; or Parquet, JSONL of others."
        ),
    ],
    tokenizer: Annotated[
        str,
        typer.Option(metavar="NAME", help="A *.model, a tokenizer.json, a folder with one, or tiktoken:o200k_base."),
    ],
    out: OutOption,
    more: MoreInputs = None,
    source: Annotated[
        str | None, typer.Option(metavar="CLASS", help="What texts of others are: web, code, math-web, licensed ...")
    ] = None,
    collection: Annotated[
        str | None, typer.Option(metavar="NAME", help="The corpus that texts of others belong to.")
    ] = None,
    text_column: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Where others have the text; else text, content or raw_content."),
    ] = None,
    id_column: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="Where others have the address; else uri, url, id ..., else its place."),
    ] = None,
    workers: WorkersOption = None,
) -> None:
    """Encode documents: a row for each, with its tokens, doc_id, source, collection and uri, in [bold]tokens/[/].

    The ids are those of the tokenizer's own library, several times as fast. Ids are uint16 where the vocabulary has at
    most 65,536 tokens, else uint32. A run that was interrupted goes on where it ended: repeat the same command.

    Texts of others need --source and --collection; of documents that Orchard has written, their own count.

    \b
    Examples:
      orchard tokenize -i 'out/kept/*.parquet' --tokenizer tokenizers/device -o tokens
      orchard tokenize -i 'fineweb/*.parquet' --source web --collection fineweb \\
          --tokenizer llama/tokenizer.json -o tokens
      orchard tokenize -i 'code/*.jsonl.gz' --source code --collection github --text-column content \\
          --id-column path --tokenizer tokenizers/device -o code-tokens
    """
    from datetime import UTC, datetime

    from rich.console import Console

    from pipelines.engine.job import RunOptions
    from pipelines.job.run import run_plan
    from pipelines.job.tokenization import plan_tokenization, print_tokens
    from schemas.recipe.tokenize import Tokenize

    console, started = Console(), datetime.now(UTC)
    settings = Tokenize(tokenizer=tokenizer, foreign=_foreign(source, collection, text_column, id_column))
    plan = plan_tokenization(settings, [*inputs, *(more or [])], out)
    manifest = run_plan(plan, RunOptions(workers=workers or os.cpu_count() or 1), console, started)
    print_tokens(manifest, out, console)


def _foreign(
    source: str | None, collection: str | None, text_column: list[str] | None, id_column: list[str] | None
) -> "Foreign | None":
    """What the options say of texts of others; None where they say nothing."""
    from pydantic import ValidationError

    from schemas.recipe.foreign import Foreign

    if source is None and collection is None and not text_column and not id_column:
        return None
    if not source or not collection:
        raise typer.BadParameter("texts of others need --source and --collection", param_hint="--source")
    columns = {"text": text_column, "uri": id_column}
    read = {"columns": {name: given for name, given in columns.items() if given}}
    try:
        return Foreign.model_validate({"source": source, "collection": collection, "read": read})
    except ValidationError as error:
        wrong = error.errors()[0]
        raise typer.BadParameter(f"{wrong['input']}: {wrong['msg']}", param_hint=f"--{wrong['loc'][0]}") from error
