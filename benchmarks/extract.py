"""Extraction engines side by side, on the same labelled pages in one run.

    python -m benchmarks.extract --cross-validate --cache bench --report extraction.md   # ../shared/data/web, an hour
    python -m benchmarks.extract --every 40                                              # a taste of it, a minute
    python -m benchmarks.extract --pages 'mine/*.warc.gz' --truth mine.jsonl --index --only orchard trafilatura

F1, precision and recall of words, F1 of runs of words (order) and of characters, CPU ms a page of one core: over all
pages, and by source, page type and language. Then where the losses of orchard come from, and its worst pages.
The terminal shows the summary, --report writes everything. Labels: docs/labelled-pages.md.

With --cache, what was extracted, scored and trained is kept as it comes: a run that was stopped goes on where it was, a
second one takes seconds, and CPU times are those of the first. A change of an engine makes its part anew.

The shipped model of orchard has been trained on ../shared/data/web. To see how good it is on new sites, give pages of
other sites, or --cross-validate: each page then by a model that has seen no page of its site (some minutes' training).

Engines of others are called as their documentation says; trafilatura without comments, as its evaluation does.
"""

import argparse
import shlex
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pydantic import TypeAdapter
from rich.console import Console

from benchmarks.extraction import tables
from benchmarks.extraction.causes import losses, worst
from benchmarks.extraction.combine import combined, filtered
from benchmarks.extraction.contenders import Folds, find_contenders
from benchmarks.extraction.grid import Grid, as_table
from benchmarks.extraction.growth import growth
from benchmarks.extraction.measure import Result, run
from benchmarks.extraction.overhead import overhead
from benchmarks.extraction.report import Section, as_report, describe, how_measured, measured
from benchmarks.extraction.scores import Judged, judge, judge_snippets
from benchmarks.extraction.standing import bars, beside_others, standings
from benchmarks.extraction.watch import Watch
from pipelines.extract.engines.registry import MODULES
from pipelines.extract.labelled import LabelledPage, read_labelled
from schemas.extractor_card import CARD_NAME, ExtractorCard
from schemas.recipe.extract import ExtractSettings

DATA = Path(__file__).parents[2] / "shared" / "data" / "web"
ENGINES = TypeAdapter(ExtractSettings)


class Compared(NamedTuple):
    """Pages, and what the engines made of them."""

    pages: Sequence[LabelledPage]
    results: Mapping[str, Sequence[Result]]
    judged: Mapping[str, Sequence[Judged | None]]


def main() -> None:
    arguments = parse_arguments()
    console = Console(highlight=False)
    with Watch() as watch, tempfile.TemporaryDirectory() as nowhere:
        pages = choose(arguments, watch)
        console.print(describe(pages))
        folds = cross_validation(arguments, arguments.cache or Path(nowhere), watch)
        contenders, absent = find_contenders(arguments.only, folds)
        results, failed = run(contenders, pages, arguments.cache, watch)
        compared = Compared(pages, results, judge(pages, results, arguments.cache, watch))
    notes = [about_model(arguments.cross_validate), *(f"Left out: {line}" for line in (*absent, *failed))]
    sections = [*summary(compared), *explanations(compared, arguments), *on_demand(compared, arguments)]
    for section in sections:
        for grid in section.grids:
            console.print(as_table(grid))
    console.print("\n".join((*notes, how_measured())))
    if arguments.growth:
        growth([each for each in contenders if each.name in arguments.growth], console.out)
    if arguments.report:
        engines = {contender.name: contender.package for contender in contenders}
        command = f"python -m benchmarks.extract {shlex.join(sys.argv[1:])}"
        whole = [*sections, *by_group(compared)]
        arguments.report.write_text(
            as_report(command, pages, notes, whole, measured(engines, results)), encoding="utf-8"
        )
        console.print(f"All tables: {arguments.report}")


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="+", default=[str(DATA / "web-dev-0*.warc.gz")], help="WARC files or patterns")
    parser.add_argument("--truth", nargs="+", default=[str(DATA / "web-dev-groundtruth.jsonl.gz")])
    parser.add_argument("--index", nargs="*", default=[str(DATA / "web-dev-index.jsonl.gz")])
    parser.add_argument("--only", nargs="*", default=[], help="engines whose name contains one of these")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="one page of N")
    parser.add_argument("--cache", type=Path, metavar="DIR", help="keep results there, and use those that are there")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write all tables there, as Markdown")
    parser.add_argument("--cross-validate", action="store_true", help="orchard by models that have not seen the site")
    parser.add_argument(
        "--only-measure", nargs="*", default=["daniel_v2"], help="sources that those models are not trained on at all"
    )
    parser.add_argument("--explain", nargs="*", default=["orchard"], help="engines whose losses are told by cause")
    parser.add_argument("--worst", type=int, default=10, help="so many of their worst pages")
    parser.add_argument("--combine", nargs=2, default=[], help="two engines: their union and agreement")
    parser.add_argument("--growth", nargs="*", default=[], help="engines whose cost is plotted by size and nesting")
    parser.add_argument("--sandbox", nargs="*", default=[], choices=[*MODULES], help="engines run in the sandbox too")
    return parser.parse_args()


def choose(arguments: argparse.Namespace, watch: Watch) -> list[LabelledPage]:
    """The pages with a full text or passages, or one of every so many."""
    watch.at_work("reading pages")
    found = read_labelled(arguments.pages, arguments.truth, arguments.index)
    useful = (page for page in found if page.label.has_full_text or page.label.wanted or page.label.unwanted)
    return [page for number, page in enumerate(useful) if number % arguments.every == 0]


def cross_validation(arguments: argparse.Namespace, folder: Path, watch: Watch) -> Folds | None:
    """The models of cross-validation, trained on all pages whatever is sampled; None if they are not asked for."""
    if not arguments.cross_validate:
        return None
    from benchmarks.extraction import folds  # noqa: PLC0415 (training needs more libraries)
    from pipelines.extract.train.request import ExtractorRequest  # noqa: PLC0415

    request = ExtractorRequest(
        pages=tuple(arguments.pages), truth=tuple(arguments.truth), index=tuple(arguments.index),
        only_measure=tuple(arguments.only_measure), out=folder,
    )  # fmt: skip
    return folds.cross_validation(request, watch.at_work)


def about_model(cross_validated: bool) -> str:
    """Whether the model of orchard had seen the pages that it is judged on."""
    card = files("pipelines.extract.model").joinpath("shipped", CARD_NAME)
    found = ExtractorCard.model_validate_json(card.read_bytes())
    seen = ", ".join(sorted(score.group for score in found.source_left_out))
    shipped = f"was trained on pages of {seen}; on these, new sites fare worse"
    if cross_validated:
        return (
            "orchard: each page by a model that has seen no page of its site (5 folds of sites, each trained as "
            f"`orchard train extractor` does it). The row of the shipped model is for comparison: it {shipped}."
        )
    return f"orchard: the shipped model. It {shipped} (--cross-validate)."


def summary(compared: Compared) -> list[Section]:
    """All engines on all pages, ours group by group beside the best of the others, and the bars."""
    pages, results, judged = compared
    values = tables.measures(judged, results)
    f1, ms = values["F1"], values["CPU ms a page"]
    sections = [Section("Summary", "", [tables.overall(judged, results)])]
    beside = [(kind, standings(pages, f1, ms, group_of)) for kind, group_of in tables.GROUPS.items()]
    if beside[0][1]:
        about = "Against trafilatura's best mode for the group of pages, and the best engine of the others; F1."
        sections.append(Section("Beside the others", about, [beside_others(kind, found) for kind, found in beside]))
        sections.append(Section("Bars", "", [bars(pages, f1, ms)]))
    return sections


def explanations(compared: Compared, arguments: argparse.Namespace) -> list[Section]:
    """Where losses come from, and the worst pages."""
    pages, results, judged = compared
    about = (
        "*truth not in page*: true words that the page does not have as text (another version, or scripts make them); "
        "*wrong block*: as many words too much as are missing; *over-extraction*, *under-extraction*: beyond that."
    )
    sections = []
    for name in arguments.explain:
        if name in results:
            grid = worst(name, pages, results[name], judged, arguments.worst)
            sections.append(Section(grid.title, about, [grid]))
            sections.append(Section(f"Losses of {name}", "1 - F1, by cause.", [losses(pages, results[name])]))
    found = {name: judge_snippets(pages, each) for name, each in results.items()}
    return [*sections, Section("Passages", "Of pages whose label has passages.", [tables.snippets(found)])]


def on_demand(compared: Compared, arguments: argparse.Namespace) -> list[Section]:
    """Two engines together, and what the sandbox adds."""
    pages, results, _ = compared
    grids: list[Grid] = []
    if arguments.combine:
        names = (arguments.combine[0], arguments.combine[1])
        found = (results[names[0]], results[names[1]])
        grids += [combined(pages, names, found), filtered(pages, names, found)]
    if arguments.sandbox:
        variants = [ENGINES.validate_python({"engine": name}) for name in arguments.sandbox]
        grids.append(overhead(variants, [page.page for page in pages]))
    return [Section("On demand", "", grids)] if grids else []


def by_group(compared: Compared) -> list[Section]:
    """Every measure of every engine, by source, page type and language."""
    pages, results, judged = compared
    values = tables.measures(judged, results)
    return [
        Section(
            f"By {kind}", "", [tables.by_group(kind, pages, each, group_of, title) for title, each in values.items()]
        )
        for kind, group_of in tables.GROUPS.items()
    ]


if __name__ == "__main__":
    main()
