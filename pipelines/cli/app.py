"""The program `orchard`: its commands, and how errors reach the user."""

import atexit
import gc
import logging
import os
import sys
from typing import Annotated

import typer

from pipelines.cli import (
    benchmarks,
    card,
    decontaminate,
    deduplicate,
    demo,
    evaluation,
    export,
    extract,
    generate,
    mix,
    plan,
    rules,
    run,
    schema,
    tokenize,
    tokenizer,
    train,
    validate,
)
from pipelines.cli.errors import exit_code
from pipelines.cli.help import set_help

RARELY = 50_000
"""New objects between two looks for garbage: a command that starts makes a million objects, which all stay."""

app = typer.Typer(
    name="orchard",
    help="The open data mill: from web archives to clean documents, packed training shards and generated data.",
    no_args_is_help=True,
    invoke_without_command=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", is_eager=True, help="Show the release and a digest of the code, as in manifests."),
    ] = False,
) -> None:
    """What holds for the program itself."""
    if version:
        from pipelines.engine.version import code_version

        typer.echo(f"orchard {code_version()}")
        raise typer.Exit


app.command("run", context_settings={"ignore_unknown_options": True})(run.run)
app.command("plan")(plan.plan)
app.command("deduplicate")(deduplicate.deduplicate)
app.command("demo")(demo.demo)
app.command("card")(card.card)
app.command("export")(export.export)
app.command("extract")(extract.extract)
app.command("generate", context_settings={"ignore_unknown_options": True})(generate.generate)
app.command("mix")(mix.mix)
app.command("validate")(validate.validate)
app.command("schema")(schema.schema)
app.command("rules")(rules.rules)
app.command("decontaminate")(decontaminate.decontaminate)
app.command("tokenize")(tokenize.tokenize)
app.add_typer(benchmarks.app, name="benchmarks")
app.add_typer(evaluation.app, name="evaluation")
app.add_typer(train.app, name="train")
app.add_typer(tokenizer.app, name="tokenizer")
set_help(app)


def main() -> None:
    """Run the program; an expected error is one message and exit code 2 (configuration) or 1 (work).

    ``ORCHARD_DEBUG=1`` shows the libraries' logs and the traceback of every error.
    """
    gc.set_threshold(RARELY)
    atexit.register(gc.freeze)  # A last look through them all takes half a second, and all memory goes back anyway.
    debug = bool(os.environ.get("ORCHARD_DEBUG"))
    logging.basicConfig(level=logging.INFO if debug else logging.CRITICAL)
    try:
        app()
    except KeyboardInterrupt:
        typer.secho("orchard: interrupted; repeat the same command to go on", err=True, fg=typer.colors.RED)
        sys.exit(130)
    except Exception as error:
        code = exit_code(error)
        if code is None or debug:
            raise
        typer.secho(f"orchard: {error}", err=True, fg=typer.colors.RED)
        sys.exit(code)
