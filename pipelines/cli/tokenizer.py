"""`orchard tokenizer`: train a tokenizer on documents, and see how well one fits them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import MoreInputs
from pipelines.cli.tables import wide_console

if TYPE_CHECKING:
    from rich.table import Table

    from schemas.tokenizer import TokenizerCard, TokenizerPreset, TokenizerReport, TokenizerSettings

app = typer.Typer(no_args_is_help=True)

Documents = Annotated[
    list[str], typer.Option("--input", "-i", metavar="GLOB", help="Documents: the kept/*.parquet of runs.")
]


@app.callback()
def tokenizer() -> None:
    """Train a tokenizer on documents, and see how well one fits them."""


@app.command()
def train(  # noqa: PLR0917 (every option is a parameter)
    inputs: Documents,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for both files and card.json.")],
    more: MoreInputs = None,
    preset: Annotated[
        str | None, typer.Option(help="afm-device (49,152), afm-server (100,000) or afm-2025 (150,000, multilingual).")
    ] = None,
    vocab_size: Annotated[int | None, typer.Option(metavar="N", help="Tokens in all; else the preset's.")] = None,
    sample_mb: Annotated[int | None, typer.Option(metavar="MB", help="Most text to train on. [default: 200]")] = None,
    temperature: Annotated[
        float | None, typer.Option(help="Over 1: strata with less text get a larger share. [default: 1]")
    ] = None,
    by_language: Annotated[bool, typer.Option(help="Make strata by language too (afm-2025 does).")] = False,
    character_coverage: Annotated[
        float | None, typer.Option(help="Share of characters with a piece of their own. [default: 0.9999]")
    ] = None,
    seed: Annotated[int | None, typer.Option(help="Chooses the documents. [default: 0]")] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace a tokenizer that is there.")] = False,
) -> None:
    """Train byte-pair encoding with SentencePiece, and write it for Hugging Face too, with the same ids.

    Each digit is a token, characters outside the vocabulary are bytes, nothing is normalised, white space is kept. The
    sample is chosen by hash of doc_id, stratified by source and collection: the same for any shards, order and
    machine; the same request gives the same bytes. card.json says what of a preset is published, inferred or ours.

    \b
    Examples:
      orchard tokenizer train -i 'out/kept/*.parquet' --preset afm-device -o tokenizers/device
      orchard tokenizer train -i 'web/kept/*.parquet' -i 'code/kept/*.parquet' --vocab-size 32000 -o tokenizers/32k
    """
    from rich.console import Console

    from pipelines.tokenize.train import TokenizerRequest, train_tokenizer

    known = _preset(preset)
    changes = {
        "vocab_size": vocab_size, "sample_mb": sample_mb, "temperature": temperature, "seed": seed,
        "character_coverage": character_coverage,
        "stratify": ("source", "collection", "language") if by_language else None,
    }  # fmt: skip
    settings = _settings(known, {name: value for name, value in changes.items() if value is not None})
    evidence = known.evidence if known else ()
    request = TokenizerRequest((*inputs, *(more or [])), settings, out, preset, evidence, overwrite)
    with Console(stderr=True).status("starting") as status:
        card = train_tokenizer(request, status.update)
    _print_card(card, out)


@app.command()
def report(  # noqa: PLR0917
    tokenizer: Annotated[
        str, typer.Argument(help="A *.model, a tokenizer.json, a folder with one, or tiktoken:cl100k_base.")
    ],
    inputs: Documents,
    more: MoreInputs = None,
    baseline: Annotated[str | None, typer.Option(help="Another tokenizer, to compare the compression with.")] = None,
    sample_mb: Annotated[int, typer.Option(metavar="MB", min=1, help="Most text to measure on.")] = 20,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON.")] = None,
) -> None:
    """Measure a tokenizer on a sample of documents: fertility, compression, coverage, unused pieces, round trip.

    Ends with 1 if a text does not come back from its tokens, and names the first.

    \b
    Examples:
      orchard tokenizer report tokenizers/device -i 'out/kept/*.parquet'
      orchard tokenizer report tokenizers/device -i 'out/kept/*.parquet' --baseline other/tokenizer.json
    """
    from rich.console import Console

    from pipelines.tokenize.open import open_tokenizer
    from pipelines.tokenize.report import report_tokenizer

    other = open_tokenizer(baseline) if baseline else None
    with Console(stderr=True).status("starting") as status:
        found = report_tokenizer(open_tokenizer(tokenizer), other, [*inputs, *(more or [])], sample_mb, status.update)
    if json_file is not None:
        json_file.write_text(found.model_dump_json(indent=2) + "\n", encoding="utf-8")
    _print_report(found)
    if found.broken:
        raise typer.Exit(1)


def _preset(name: str | None) -> "TokenizerPreset | None":
    from schemas.recipe.error import nearest
    from schemas.tokenizer import PRESETS

    if name is None or name in PRESETS:
        return PRESETS[name] if name else None
    hint = f"; did you mean {near}?" if (near := nearest(name, PRESETS)) else ""
    raise typer.BadParameter(f"no preset {name}{hint} (there are {', '.join(PRESETS)})", param_hint="--preset")


def _settings(preset: "TokenizerPreset | None", changes: dict[str, object]) -> "TokenizerSettings":
    from pydantic import ValidationError

    from schemas.tokenizer import TokenizerSettings

    if preset is None and "vocab_size" not in changes:
        raise typer.BadParameter("give --vocab-size or --preset", param_hint="--vocab-size")
    try:
        return TokenizerSettings.model_validate({**(preset.settings.model_dump() if preset else {}), **changes})
    except ValidationError as error:
        wrong = error.errors()[0]
        name = str(wrong["loc"][0]).replace("_", "-")
        raise typer.BadParameter(f"{wrong['input']}: {wrong['msg']}", param_hint=f"--{name}") from error


def _print_card(card: "TokenizerCard", out: Path) -> None:
    sampled = sum(stratum.sampled_bytes for stratum in card.strata)
    whole = sum(stratum.bytes for stratum in card.strata)
    typer.echo(
        f"{out}: {card.vocab_size:,} tokens from {sampled / 1e6:,.1f} of {whole / 1e6:,.1f} MB of text in "
        f"{len(card.strata)} strata; {card.model.path}, {card.hugging_face.path} (same ids on "
        f"{card.compared_bytes / 1e6:.1f} MB), card.json"
    )
    for statement in card.evidence:
        typer.echo(f"  {statement}")
    typer.echo(f"see how it fits: orchard tokenizer report {out} -i '{card.files[0].path}'")


def _print_report(report: "TokenizerReport") -> None:
    console = wide_console()
    console.print(_table(report))
    markers = "bytes and special tokens left out"
    console.print(f"tokenizer: {report.tokenizer}", markup=False, soft_wrap=True)
    if report.baseline:
        console.print(f"baseline: {report.baseline}", markup=False, soft_wrap=True)
    examples = f", such as {' '.join(report.unused_examples)}" if report.unused else ""
    console.print(
        f"{report.unused:,} of {report.vocab_size:,} never used ({markers}){examples}", markup=False, soft_wrap=True
    )
    documents = report.measures[0].documents
    if report.first_broken is None:
        console.print(f"round trip: all {documents:,} documents come back from their tokens, character by character")
    else:
        first = report.first_broken
        console.print(
            f"round trip: {report.broken:,} of {documents:,} documents do not come back; the first is {first.doc_id}, "
            f"character {first.position}: {first.text!r} becomes {first.decoded!r}",
            markup=False,
            soft_wrap=True,
        )


def _table(report: "TokenizerReport") -> "Table":
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    caption = "words: runs of letters and digits; of scripts without spaces, each letter; bytes: UTF-8 of the text"
    table = Table(title=f"{report.vocab_size:,} tokens", caption=caption, box=SIMPLE_HEAD)
    table.add_column("documents with", no_wrap=True)
    for name in ("documents", "MB", "tokens/word", "bytes/token", "baseline", "byte fallback"):
        table.add_column(name, justify="right", no_wrap=True)
    for each in report.measures:
        table.add_row(
            each.group,
            f"{each.documents:,}",
            f"{each.bytes / 1e6:.2f}",
            f"{each.fertility:.3f}",
            f"{each.bytes_per_token:.3f}",
            "-" if each.baseline_bytes_per_token is None else f"{each.baseline_bytes_per_token:.3f}",
            f"{each.byte_tokens / max(1, each.tokens):.3%}",
        )
    return table
