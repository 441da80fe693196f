"""Extraction engines side by side, on the same labelled pages in one run.

    python -m benchmarks.extract                                            # ../shared/data/web, some minutes
    python -m benchmarks.extract --pages 'mine/*.warc.gz' --truth mine.jsonl --only orchard trafilatura --worst 10

Prints F1, precision and recall of words, F1 of runs of words (order) and of characters, CPU ms a page (mean, p50, p99,
worst) of one core from the decoded page to the text, F1 by source, page type and language, and which passages are kept
and cut as they should be. Labels: ``pipelines/extract/labels.py``, scores: ``pipelines/extract/scoring.py``.

Then, for the engines of ``--explain``, where their losses come from and their worst pages. On demand: two engines
together, cost against size and nesting, what the sandbox adds. Without an engine's package it is left out, and said so.

Engines of others are called as their documentation says; trafilatura without comments, as its evaluation does.
"""

import argparse
import random
from importlib.resources import files
from pathlib import Path

from pydantic import TypeAdapter
from rich.console import Console

from benchmarks.extraction import tables
from benchmarks.extraction.causes import losses, worst
from benchmarks.extraction.combine import combined, filtered
from benchmarks.extraction.contenders import language, prepare_contenders
from benchmarks.extraction.growth import growth
from benchmarks.extraction.measure import judge, judge_snippets, run, true_bags
from benchmarks.extraction.overhead import overhead
from pipelines.extract.engines.registry import MODULES
from pipelines.extract.labelled import LabelledPage, read_labelled
from schemas.extractor_card import CARD_NAME, ExtractorCard
from schemas.recipe.extract import ExtractSettings

DATA = Path(__file__).parents[2] / "shared" / "data" / "web"
ENGINES = TypeAdapter(ExtractSettings)


def main() -> None:
    arguments = parse_arguments()
    console = Console(width=200, highlight=False)
    pages = choose(arguments)
    console.print(f"{len(pages):,} pages, {sum(len(page.page.html) for page in pages) / 1e6:.0f} M characters")
    contenders, left_out = prepare_contenders(arguments.only, arguments.folds)
    for message in left_out:
        console.print(f"left out: {message}")
    console.print("; ".join(sorted({contender.package for contender in contenders})))
    results, judged, passages = {}, {}, {}
    truths = true_bags(pages)
    for contender in contenders:
        results[contender.name] = run(contender, pages)
        judged[contender.name] = judge(truths, results[contender.name])
        passages[contender.name] = judge_snippets(pages, results[contender.name])
    console.print(tables.overall(judged, results))
    seen = frozenset() if arguments.folds else seen_sources()
    if "orchard" in results:
        console.print(f"orchard: {explain_seen(arguments.folds, seen)}")
    console.print(
        tables.by_group("source", pages, judged, lambda page: page.label.source + "*" * (page.label.source in seen))
    )
    console.print(tables.by_group("page type", pages, judged, lambda page: page.label.page_type))
    console.print(tables.by_group("language", pages, judged, language))
    console.print(tables.snippets(passages))
    for name in arguments.explain:
        if name in results:
            console.print(losses(name, pages, results[name]))
            console.print(worst(name, pages, results[name], judged, arguments.worst))
    if len(arguments.combine) == 2:
        first, second = arguments.combine
        found = (results[first], results[second])
        console.print(combined(pages, (first, second), found))
        console.print(filtered(pages, (first, second), found))
    if arguments.growth:
        growth([each for each in contenders if each.name in arguments.growth], console.out)
    if arguments.sandbox:
        variants = [ENGINES.validate_python({"engine": name}) for name in arguments.sandbox]
        console.print(overhead(variants, [page.page for page in pages]))


def seen_sources() -> frozenset[str]:
    """The sources that the shipped model was trained on, by its card."""
    card = files("pipelines.extract.model").joinpath("shipped", CARD_NAME)
    if not card.is_file():
        return frozenset()
    return frozenset(score.group for score in ExtractorCard.model_validate_json(card.read_bytes()).source_left_out)


def marked(source: str, seen: frozenset[str]) -> str:
    return f"{source}*" if source in seen else source


def explain_seen(folds: Path | None, seen: frozenset[str]) -> str:
    """Whether the model of orchard had seen the pages that it is judged on."""
    if folds:
        return f"each page by a model that has seen no page of its site ({folds})"
    if seen:
        return "the shipped model; it was trained on pages of sources with a *, new sites fare worse (--folds)"
    return "the shipped model, which has no card: it may have been trained on these pages (--folds)"


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="+", default=[str(DATA / "web-dev-0*.warc.gz")], help="WARC files or patterns")
    parser.add_argument("--truth", nargs="+", default=[str(DATA / "web-dev-groundtruth.jsonl.gz")])
    parser.add_argument("--index", nargs="*", default=[str(DATA / "web-dev-index.jsonl.gz")])
    parser.add_argument("--only", nargs="*", default=[], help="engines whose name contains one of these")
    parser.add_argument(
        "--folds", type=Path, help="models of orchard for cross-validation (benchmarks/extraction/folds.py)"
    )
    parser.add_argument("--sample", type=int, help="that many pages, drawn at random")
    parser.add_argument("--explain", nargs="*", default=["orchard"], help="engines whose losses are told by cause")
    parser.add_argument("--worst", type=int, default=10, help="so many of their worst pages")
    parser.add_argument("--combine", nargs="*", default=[], help="two engines: their union and agreement")
    parser.add_argument("--growth", nargs="*", default=[], help="engines whose cost is plotted by size and nesting")
    parser.add_argument("--sandbox", nargs="*", default=[], choices=[*MODULES], help="engines run in the sandbox too")
    return parser.parse_args()


def choose(arguments: argparse.Namespace) -> list[LabelledPage]:
    """The pages with a full text or passages, or a sample of them."""
    found = read_labelled(arguments.pages, arguments.truth, arguments.index)
    pages = [page for page in found if page.label.has_full_text or page.label.wanted or page.label.unwanted]
    random.Random(0).shuffle(pages)
    return pages[: arguments.sample]


if __name__ == "__main__":
    main()
