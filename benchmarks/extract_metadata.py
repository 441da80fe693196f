"""Metadata of labelled pages: ours and trafilatura's against the truth, and what they cost.

    python -m benchmarks.extract_metadata                    # ../shared/data/web
    python -m benchmarks.extract_metadata --pages 'mine/*.warc.gz' --truth mine.jsonl --index

Counts, of the pages whose label names it, the share where a field is right: titles and names of sites by their letters
and digits, authors as sets of names (partly: one is right), days exactly, languages without region. "Missing" is the
share where nothing was found. CPU ms a page: ours from the page's tokens, which the engine ``orchard`` has anyway, and
with tokenizing; trafilatura's from the decoded page. Labels are those of ``pipelines/extract/labels.py``.
"""

import argparse
import logging
import re
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table
from trafilatura.metadata import extract_metadata

from pipelines.extract.blocks.parse import to_source
from pipelines.extract.blocks.tokens import tokenize
from pipelines.extract.labelled import LabelledPage, read_labelled
from pipelines.extract.metadata.read import read_metadata

DATA = Path(__file__).parents[2] / "shared" / "data" / "web"
SPLIT = re.compile(r"[;,&]| and | und ")


class Found(NamedTuple):
    """What was found of a page; empty strings where nothing was."""

    title: str
    author: str
    date: str
    sitename: str
    lang: str


class Run(NamedTuple):
    """All pages of one program."""

    found: list[Found]
    milliseconds: float


def ours(pages: Sequence[LabelledPage]) -> tuple[Run, float]:
    """The results, and ms a page with tokenizing."""
    read_metadata(tokenize(to_source("")), None)
    started = time.process_time()
    tokens = [tokenize(to_source(page.page.html)) for page in pages]
    tokenized = time.process_time()
    read = [read_metadata(each, page.page.url, page.page.fetched) for each, page in zip(tokens, pages, strict=True)]
    ended = time.process_time()
    found = [
        Found(each.title or "", each.author or "", each.date or "", each.site_name or "", each.language or "")
        for each in read
    ]
    per_page = 1e3 / len(pages)
    return Run(found, per_page * (ended - tokenized)), per_page * (ended - started)


def trafilatura(pages: Sequence[LabelledPage]) -> Run:
    logging.disable()
    warnings.simplefilter("ignore")
    started = time.process_time()
    found = [_trafilatura(page) for page in pages]
    return Run(found, 1e3 * (time.process_time() - started) / len(pages))


def _trafilatura(page: LabelledPage) -> Found:
    metadata = extract_metadata(page.page.html, page.page.url)
    values = (metadata.title, metadata.author, metadata.date, metadata.sitename, metadata.language)
    return Found(*(value or "" for value in values))


def checks(page: LabelledPage, found: Found) -> Iterator[tuple[str, float, bool]]:
    """(field, how right 0 to 1, whether anything was found) for every field that the label names."""
    label = page.label
    if label.title:
        yield "title", normal(found.title) == normal(label.title), bool(found.title)
    wanted = set().union(*map(names, label.author)) if label.author else set()
    if wanted:
        yield "author", names(found.author) == wanted, bool(found.author)
        yield "author, partly", bool(names(found.author) & wanted), bool(found.author)
    if label.date:
        yield "date", found.date == label.date[:10], bool(found.date)
    if label.sitename:
        yield "site", normal(found.sitename) == normal(label.sitename), bool(found.sitename)
    if label.source == "daniel_v2":  # The one source whose languages people have given.
        yield "language", found.lang[:2].lower() == label.lang[:2].lower(), bool(found.lang)


def normal(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def names(text: str) -> set[str]:
    return {name for name in map(normal, SPLIT.split(text)) if name}


def table(
    pages: Sequence[LabelledPage], runs: dict[str, Run], title: str, group: Callable[[LabelledPage], str]
) -> Table:
    """Shares by group and field."""
    counted: dict[tuple[str, str], dict[str, list[tuple[float, bool]]]] = defaultdict(lambda: defaultdict(list))
    for name, run in runs.items():
        for page, found in zip(pages, run.found, strict=True):
            for field, right, has in checks(page, found):
                counted[field, group(page)][name].append((right, has))
    result = Table("field", title, "pages", *runs, *(f"{name}, missing" for name in runs))
    for (field, value), by_run in sorted(counted.items()):
        right = [f"{sum(one for one, _ in each) / len(each):.3f}" for each in by_run.values()]
        missing = [f"{sum(not has for _, has in each) / len(each):.3f}" for each in by_run.values()]
        result.add_row(field, value, str(len(by_run[next(iter(runs))])), *right, *missing)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="+", default=[str(DATA / "web-dev-0*.warc.gz")], help="WARC files or patterns")
    parser.add_argument("--truth", nargs="+", default=[str(DATA / "web-dev-groundtruth.jsonl.gz")])
    parser.add_argument("--index", nargs="*", default=[str(DATA / "web-dev-index.jsonl.gz")])
    arguments = parser.parse_args()
    console = Console(width=140, highlight=False)
    found = read_labelled(arguments.pages, arguments.truth, arguments.index)
    pages = [page for page in found if next(checks(page, Found("", "", "", "", "")), None)]
    mine, with_tokens = ours(pages)
    runs = {"orchard": mine, "trafilatura": trafilatura(pages)}
    console.print(table(pages, runs, "source", lambda page: page.label.source))
    console.print(table(pages, runs, "all", lambda page: ""))
    console.print(
        f"{len(pages):,} pages; CPU ms: orchard {mine.milliseconds:.2f} from tokens, {with_tokens:.2f} with them, "
        f"trafilatura {runs['trafilatura'].milliseconds:.2f}"
    )


if __name__ == "__main__":
    main()
