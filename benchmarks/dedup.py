"""Near-duplicates that `orchard deduplicate` finds, beside all that there are and beside two peers.

    orchard run plain.yaml -i '../shared/data/web/*.warc.gz' -o out/web
    python ../shared/tools/build_docs_corpus.py out/docs-html && orchard run plain.yaml -i 'out/docs-html/*' -o out/docs
    python -m benchmarks.dedup --documents 'out/web/kept/*.parquet' --documents 'out/docs/kept/*.parquet' \
        --peer-python PYTHON

``plain.yaml`` has ``name: plain``, ``collection: docs`` and ``extract: {engine: resiliparse}``: all text, no filters.
``PYTHON`` is an interpreter with datatrove (0.10.1, with spaCy and PyArrow) and rensa (0.5); what it does not have is
left out. Every program gets the same Parquet files, words in shingles of 5, 14 bands of 8 rows, and writes what it
keeps. The truth is an exhaustive search, once with the words that Orchard compares, in which "java.util" is one, and
once with plain ones, in which it is two, as for the peers (datatrove makes all numbers alike besides). Few web pages
are similar, and test fixtures with nearly one text make many of these pairs: recall shows on the documentation. CPU
seconds, wall seconds and peak memory are those of the whole process tree, start to end; rensa is a library, its run is
the loop in `benchmarks.dedup_rensa`. Labelled pairs are in the optional data folder (environment variable
ORCHARD_SHARED, else ../shared).
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
from rich.console import Console
from rich.table import Table

from benchmarks.near_duplicates.exhaustive import SimilarPairs, similar_pairs
from benchmarks.near_duplicates.figures import Judgement, Recall, bands_of_pairs, judge, recall_by_similarity
from benchmarks.near_duplicates.found import (
    Documents,
    Found,
    read_bands,
    read_datatrove,
    read_documents,
    read_orchard,
    read_rensa,
)
from benchmarks.near_duplicates.labels import RELATED, Labelled, judge_labels, read_labels
from benchmarks.near_duplicates.plain_words import plain_sets
from benchmarks.web_pipeline import run_command
from filters.batch import Batch
from filters.minhash.jaccard import shingle_sets
from filters.minhash.shingles import Shingles, shingles
from pipelines.read.files import find_inputs

NGRAM, BANDS, ROWS, MIN_JACCARD = 5, 14, 8, 0.75
SEEDS = range(1, 21)
RECIPE = f"""name: benchmark
collection: benchmark
deduplicate:
  minhash: {{ngram: {NGRAM}, bands: {BANDS}, rows: {ROWS}, min_jaccard: {MIN_JACCARD}}}
"""
LABELLED_FILE = "web-dev-recrawl"
"""Stands in the names of the containers of labelled pages."""
console = Console(width=130)


@dataclass(frozen=True)
class Corpus:
    """Documents with all similar pairs: by the shingles that Orchard compares, and by plain words."""

    documents: Documents
    sets: Shingles
    truth: SimilarPairs
    plain: Shingles
    plain_truth: SimilarPairs


@dataclass(frozen=True)
class Run:
    """One program on one corpus."""

    name: str
    cost: tuple[float, float, float]
    """CPU seconds, wall seconds, peak bytes."""
    found: Found


def read_corpus(patterns: list[str]) -> Corpus:
    documents = read_documents([file.uri for file in find_inputs(patterns)])
    text = documents.table["text"].combine_chunks()
    unknown = pa.nulls(len(text), pa.string())
    sets = shingle_sets(shingles(Batch(text, unknown, unknown), "words", NGRAM))
    started = time.process_time()
    truth = similar_pairs(sets, MIN_JACCARD)
    console.print(
        f"\n{len(text):,} documents, {text.nbytes / 1e6:.0f} MB of text, {len(documents.files)} files; "
        f"exhaustive search: {len(truth):,} pairs with Jaccard >= {MIN_JACCARD}, "
        f"{time.process_time() - started:.0f} CPU s"
    )
    plain = plain_sets(text, NGRAM)
    return Corpus(documents, sets, truth, plain, similar_pairs(plain, MIN_JACCARD))


def run_orchard(corpus: Corpus, folder: Path, workers: int) -> Run:
    recipe, out = folder / "recipe.yaml", folder / "orchard"
    recipe.write_text(RECIPE)
    inputs = [text for file in corpus.documents.files for text in ("--input", file)]
    options = ["--out", str(out), "--workers", str(workers)]
    cli = [sys.executable, "-c", "from pipelines.cli import main; main()", "deduplicate"]
    cost = run_command([*cli, str(recipe), *inputs, *options])
    return Run("orchard", cost, read_orchard(out, corpus.documents))


def run_peers(corpus: Corpus, folder: Path, python: str | None, workers: int) -> list[Run]:
    """The peers that the interpreter has."""
    here, numbers = Path(__file__).parent, [str(number) for number in (NGRAM, BANDS, ROWS)]
    names = folder / "files"
    peers: list[tuple[str, list[str], Callable[[Path, Documents], Found]]] = [
        ("datatrove", [str(workers), *numbers], read_datatrove),
        ("rensa", numbers, read_rensa),
    ]
    names.write_text("".join(f"{file}\n" for file in corpus.documents.files))
    runs = []
    for name, options, read in peers:
        if (
            python is None
            or subprocess.run([python, "-c", f"import {name}"], check=False, stderr=subprocess.DEVNULL).returncode
        ):
            console.print(f"{name} is left out: {'no --peer-python' if python is None else f'{python} has none'}")
            continue
        out = folder / name
        cost = run_command([python, str(here / f"dedup_{name}.py"), str(names), str(out), *options])
        runs.append(Run(name, cost, read(out, corpus.documents)))
    return runs


def show_recall(rows: list[Recall]) -> None:
    table = Table(title=f"orchard against exhaustive search: {BANDS} bands of {ROWS} rows, words in {NGRAM}-grams")
    seeds = f"mean of {len(SEEDS)} seeds"
    for column in (
        "Jaccard",
        "pairs",
        "in one cluster",
        "share a band",
        seeds,
        "deviation",
        "S-curve",
        "mean - S-curve",
    ):
        table.add_column(column, justify="right")
    for row in (row for row in rows if row.pairs):
        parts = (row.in_cluster, row.in_band, row.mean, row.deviation, row.expected)
        difference = f"{100 * (row.mean - row.expected):+.2f} points"
        table.add_row(row.label, f"{row.pairs:,}", *(f"{part:.2%}" for part in parts), difference)
    console.print(table)


COSTS: dict[str, Callable[[Run, Run], str]] = {
    "CPU seconds": lambda run, ours: f"{run.cost[0]:.1f} ({run.cost[0] / ours.cost[0]:.1f}x)",
    "wall seconds": lambda run, ours: f"{run.cost[1]:.1f} ({run.cost[1] / ours.cost[1]:.1f}x)",
    "peak memory, MB": lambda run, _: f"{run.cost[2] / 1e6:,.0f}",
    "documents dropped": lambda run, _: f"{run.found.dropped.sum():,}",
    "pairs joined": lambda run, _: f"{len(run.found.pairs):,}",
}
FIGURES: dict[str, Callable[[Judgement], float]] = {
    "recall: similar pairs in one cluster": lambda judged: judged.recall,
    "recall, equal sets left out": lambda judged: judged.recall_of_unequal,
    "precision: joined pairs that are similar": lambda judged: judged.precision,
    "dropped that have a similar document": lambda judged: judged.justified,
    "dropped that have a similar kept one": lambda judged: judged.covered,
}


def show_runs(corpus: Corpus, runs: list[Run], workers: int) -> None:
    table = Table(title=f"programs on the same files, {workers} worker(s)")
    for column in ("", *(run.name for run in runs)):
        table.add_column(column, justify="right" if column else "left")
    for label, cost in COSTS.items():
        table.add_row(label, *(cost(run, runs[0]) for run in runs))
    for title, sets, truth in (
        ("similar by Orchard's words", corpus.sets, corpus.truth),
        ("similar by plain words", corpus.plain, corpus.plain_truth),
    ):
        judged = [judge(truth, sets, run.found, MIN_JACCARD) for run in runs]
        table.add_section()
        table.add_row(f"{title}: {len(truth):,} pairs")
        for label, figure in FIGURES.items():
            table.add_row(f"  {label}", *(f"{figure(each):.2%}" for each in judged))
    console.print(table)


def show_labels(outcomes: dict[str, Labelled]) -> None:
    table = Table(title="pages known to be duplicates: what became of the pairs, by MinHash alone")
    differ = f"texts differ (< {MIN_JACCARD})"
    for column in ("", "pairs", "found", "no text", "similar, missed", differ, "of these one address"):
        table.add_column(column, justify="right" if column else "left")
    for kind, outcome in outcomes.items():
        different = [pair for pair in outcome.missed if pair.jaccard < MIN_JACCARD]
        similar = len(outcome.missed) - len(different)
        one_address = sum(pair.one_address for pair in different)
        counts = (outcome.pairs, outcome.found, outcome.no_text, similar, len(different), one_address)
        table.add_row(kind, *map(str, counts))
    console.print(table)
    for kind, outcome in outcomes.items():
        if kind == RELATED:
            continue
        for pair in sorted(outcome.missed, key=lambda pair: -pair.jaccard):
            second = "the same" if pair.one_address else pair.addresses[1]
            console.print(
                f"missed, {kind}: texts {pair.jaccard:.3f} similar, {pair.contained:.2f} contained: "
                f"{pair.addresses[0]} {second}",
                soft_wrap=True,
                highlight=False,
            )


def measure(patterns: list[str], python: str | None, workers: int) -> None:
    corpus = read_corpus(patterns)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        runs = [run_orchard(corpus, folder, workers)]
        bands = read_bands(folder / "orchard", corpus.documents, BANDS, ROWS)
        runs += run_peers(corpus, folder, python, workers)
    others = [bands_of_pairs(corpus.sets, corpus.truth, BANDS, ROWS, seed) for seed in SEEDS]
    show_recall(recall_by_similarity(corpus.truth, bands, others, runs[0].found, rows=ROWS, least=MIN_JACCARD))
    show_runs(corpus, runs, workers)
    labels = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "web"
    if labels.exists() and any(LABELLED_FILE in file for file in corpus.documents.files):
        show_labels(judge_labels(read_labels(labels), corpus.documents, corpus.sets, runs[0].found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--documents", metavar="GLOB", nargs="+", action="append", required=True, help="again for another corpus"
    )
    parser.add_argument("--peer-python", metavar="PATH", help="interpreter of an environment with datatrove, rensa")
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    for patterns in arguments.documents:
        measure(patterns, arguments.peer_python, arguments.workers)


if __name__ == "__main__":
    main()
