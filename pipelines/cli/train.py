"""``orchard train``: small models from labelled texts."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from rich.table import Table

    from schemas.model_card import LabelMetrics, ModelCard, Operating

app = typer.Typer(no_args_is_help=True)

Globs = list[str]


@app.callback()
def train() -> None:
    """Train small models from labelled texts."""


@app.command()
def classifier(  # noqa: PLR0917 (every option is a parameter)
    out: Annotated[Path, typer.Option(help="Folder for the model and its card.json.")],
    positive: Annotated[Globs | None, typer.Option(metavar="GLOB", help="Texts that have it; may be repeated.")] = None,
    negative: Annotated[Globs | None, typer.Option(metavar="GLOB", help="Texts that do not.")] = None,
    from_labels: Annotated[
        Globs | None, typer.Option(metavar="GLOB", help="Texts with a label each, such as an LLM gave them.")
    ] = None,
    positive_label: Annotated[
        list[str] | None, typer.Option(metavar="LABEL", help="This label is positive, all others negative.")
    ] = None,
    threshold: Annotated[float | None, typer.Option(help="Numeric labels of at least this are positive.")] = None,
    text_column: Annotated[str | None, typer.Option(help="Field that holds the text; else text or content.")] = None,
    label_column: Annotated[str, typer.Option(help="Field that holds the label.")] = "label",
    uri_column: Annotated[str | None, typer.Option(help="Field that holds the address; else uri or url.")] = None,
    held_out: Annotated[float, typer.Option(help="Share of sites (or texts without address) to measure on.")] = 0.2,
    max_per_class: Annotated[int, typer.Option(help="Most texts of a label; they are held in memory.")] = 200_000,
    balance: Annotated[bool, typer.Option(help="Train on as many texts of every label as the rarest has.")] = True,
    lowercase: Annotated[bool, typer.Option(help="Lower-case texts, here and when the model is used.")] = False,
    quantize: Annotated[bool, typer.Option(help="Write a small model.ftz in place of model.bin.")] = False,
    lr: Annotated[float, typer.Option(help="Learning rate.")] = 0.1,
    dim: Annotated[int, typer.Option(help="Size of a word's vector.")] = 100,
    word_ngrams: Annotated[int, typer.Option(help="Longest word n-gram.")] = 2,
    epoch: Annotated[
        int | None, typer.Option(help="Passes over the texts.", show_default="5, more for under 20,000 texts")
    ] = None,
    min_count: Annotated[int, typer.Option(help="Leave out rarer words.")] = 1,
    minn: Annotated[int, typer.Option(help="Shortest character n-gram, 0: none.")] = 0,
    maxn: Annotated[int, typer.Option(help="Longest character n-gram, 0: none.")] = 0,
    bucket: Annotated[int, typer.Option(help="Hash buckets of n-grams; each costs 4 x dim bytes of memory.")] = 2**18,
    keep: Annotated[float, typer.Option(min=0, max=1, help="Share to suggest a threshold for (Kong: 0.25).")] = 0.25,
    seed: Annotated[int, typer.Option(help="Chooses sample and split.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace a model that is there.")] = False,
) -> None:
    """Train a fastText classifier and measure it on held-out sites.

    Texts come from Parquet, JSONL or WET files (.gz, .zst), local or remote; quote globs. Exact duplicates are removed
    before the split, and no site is on both sides. Sample and split follow --seed; the training itself runs on 12
    threads that race, so two runs give slightly different models.

    \b
    Examples:
      orchard train classifier --positive 'good/*.parquet' --negative 'crawl/*.jsonl.gz' --out models/quality
      orchard train classifier --from-labels graded.parquet --label-column score --threshold 3 --out models/quality
    """
    from rich.console import Console

    from pipelines.train.classifier import train_classifier
    from pipelines.train.request import training_request

    request = training_request({
        "positive": positive or (), "negative": negative or (), "labelled": from_labels or (),
        "text_column": text_column, "uri_column": uri_column, "label_column": label_column,
        "positive_labels": positive_label or (), "threshold": threshold,
        "out": out, "overwrite": overwrite, "held_out": held_out, "seed": seed, "max_per_class": max_per_class,
        "balance": balance, "lowercase": lowercase, "quantize": quantize,
        "settings": {
            "lr": lr, "dim": dim, "word_ngrams": word_ngrams, "epoch": epoch,
            "min_count": min_count, "minn": minn, "maxn": maxn, "bucket": bucket,
        },
    })  # fmt: skip
    with Console(stderr=True).status("starting") as status:
        card = train_classifier(request, status.update)
    _show(card, out, keep)


@app.command()
def extractor(  # noqa: PLR0917 (every option is a parameter)
    pages: Annotated[Globs, typer.Option(metavar="GLOB", help="WARC files with the pages; may be repeated.")],
    truth: Annotated[Globs, typer.Option(metavar="GLOB", help="JSON lines with the pages' true texts.")],
    out: Annotated[Path, typer.Option(help="Folder for the model, card.json and README.md.")],
    index: Annotated[
        Globs | None, typer.Option(metavar="GLOB", help="JSON lines with source, site and kind of page.")
    ] = None,
    only_measure: Annotated[
        list[str] | None, typer.Option(metavar="SOURCE", help="Measure on this source, never train on it.")
    ] = None,
    weak: Annotated[bool, typer.Option(help="Learn from pages of unknown text too, where extractors agree.")] = True,
    seed: Annotated[int, typer.Option(help="Chooses folds and rows.")] = 0,
    overwrite: Annotated[bool, typer.Option(help="Replace a model that is there.")] = False,
) -> None:
    """Train the extraction engine orchard and measure it on sites it has not seen.

    Labels are JSON lines: record_id or url, and text, a page's whole content and nothing else. Pages without a label,
    or with passages only (with, without), teach what trafilatura and resiliparse agree on. Needs the extra `train`.
    The same files and seed give the same model, byte for byte; about 0.3 MB of memory a page.

    \b
    Examples:
      orchard train extractor --pages 'pages/*.warc.gz' --truth truth.jsonl --out models/mine
      orchard train extractor --pages 'web-*.warc.gz' --truth truth.jsonl.gz --index index.jsonl.gz \\
        --only-measure daniel_v2 --out models/web
    """
    from rich.console import Console

    from pipelines.extract.train.request import ExtractorRequest
    from pipelines.train.errors import TrainingError

    try:
        from pipelines.extract.train.train import train_extractor
    except ModuleNotFoundError as error:
        raise TrainingError(f"{error.name} is not installed; it comes with `pip install 'orchard[train]'`") from error
    request = ExtractorRequest(
        pages=tuple(pages), truth=tuple(truth), index=tuple(index or ()), only_measure=tuple(only_measure or ()),
        weak=weak, out=out, overwrite=overwrite, seed=seed,
    )  # fmt: skip
    with Console(stderr=True).status("starting") as status:
        card = train_extractor(request, status.update)
    console = Console(highlight=False)
    for score in card.cross_validation:
        console.print(f"{score.group:30} {score.pages:6,} pages  F1 {score.f1:.4f}")
    typer.echo(f"{out / card.model} ({card.model_bytes / 1e3:.0f} kB), {out / 'card.json'}, {out / 'README.md'}")
    typer.echo(f"In a recipe:\n\nextract:\n  engine: orchard\n  model: {out / card.model}")


def _show(card: "ModelCard", out: Path, keep: float) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    counts = card.counts
    left_out = {
        "unusable": counts.unusable, "empty": counts.empty, "duplicates": counts.duplicates,
        "contradictory": counts.contradictory, "over the limit": counts.over_limit, "to balance": counts.unbalanced,
    }  # fmt: skip
    console.print(f"{counts.read:,} records; trained on {_counts(counts.trained)}; held out {_counts(counts.held_out)}")
    if any(left_out.values()):
        console.print(f"left out: {_counts(left_out)}")
    for metrics in card.metrics:
        console.print(_table(metrics))
    model = out / card.model
    typer.echo(f"{model} ({card.model_bytes / 1e6:.0f} MB, as much memory in every worker), {out / 'card.json'}")
    typer.echo(f"In a recipe, to keep the best {keep:.0%} of the corpus:\n")
    typer.echo(_step(model, card, keep))


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def _table(metrics: "LabelMetrics") -> "Table":
    from rich.table import Table

    table = Table(
        title=f"held-out texts: {metrics.positives:,} {metrics.label}, {metrics.negatives:,} others",
        caption=f"ROC AUC {metrics.roc_auc:.4f}, average precision {metrics.average_precision:.4f}, "
        f"calibration error {metrics.calibration_error:.3f}",
    )
    for name in ("keep scores of", "percentile", "kept", "precision", "recall"):
        table.add_column(name, justify="right")
    for rows in (metrics.by_threshold, metrics.by_percentile):
        for row in rows:
            table.add_row(*_cells(row))
        table.add_section()
    return table


def _cells(row: "Operating") -> tuple[str, ...]:
    return (
        f">= {row.threshold:.7g}",
        "" if row.percentile is None else f"{row.percentile:g}",
        f"{row.kept:.1%}",
        "-" if row.precision is None else f"{row.precision:.3f}",
        f"{row.recall:.3f}",
    )


def _step(model: Path, card: "ModelCard", keep: float) -> str:
    """The recipe's step for a model, as YAML; with a label where the card does not name one."""
    label = [] if card.label else [f"  label: {card.labels[0]}"]
    lines = ["- type: fasttext", "  name: quality", f"  model: {model}", *label]
    return "\n".join([*lines, f"  score: {{min_percentile: {100 * (1 - keep):g}}}"])
