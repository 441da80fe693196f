"""What the benchmark found, as Markdown: what was compared and how, then the tables."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from benchmarks.extraction.grid import Grid, as_markdown
from benchmarks.extraction.machine import machine
from benchmarks.extraction.measure import Result
from pipelines.extract.labelled import LabelledPage

SCORES = (
    "F1, precision (P) and recall (R) are of bags of words, in lower case, CJK by character; *order* is F1 of runs of 5 "
    "words (ROUGE-5), *chars* F1 of runs of 3 characters without white space; all are means over pages whose full text "
    "is known. *zero* counts those of them with F1 0, *errors* the pages on which an engine raised. *ms* is CPU time of "
    "one core a page, from the decoded page to the text, over all pages; with its median (p50), 99th percentile and "
    "worst."
)


class Section(NamedTuple):
    """A part of the report: what its tables say, and the tables."""

    title: str
    about: str
    grids: Sequence[Grid]


def as_report(
    command: str, pages: Sequence[LabelledPage], notes: Sequence[str], sections: Sequence[Section], times: Grid
) -> str:
    """The whole report; ``times`` is that of ``measured``."""
    parts = ["# Extraction engines side by side", f"`{command}`", describe(pages), *notes, SCORES]
    for section in sections:
        parts += [f"## {section.title}", section.about]
        for grid in section.grids:
            parts += [f"### {grid.title}"] if len(section.grids) > 1 else []
            parts.append(as_markdown(grid))
    parts += ["## How it was measured", how_measured(), as_markdown(times)]
    return "\n\n".join(filter(None, parts)) + "\n"


def describe(pages: Sequence[LabelledPage]) -> str:
    """How many pages of what."""
    size = sum(len(page.page.html) for page in pages) / 1e6
    sites = {page.label.site or page.label.key for page in pages}
    whole = [page for page in pages if page.label.has_full_text]
    sources = Counter(page.label.source or "(unknown)" for page in whole)
    said = ", ".join(f"{count:,} of {source}" for source, count in sources.most_common())
    return (
        f"{len(pages):,} labelled pages of {len(sites):,} sites, {size:,.0f} million characters of HTML. Of "
        f"{len(whole):,} the full text is known ({said}), of the others passages."
    )


def how_measured() -> str:
    """The machine, and how the clock was read."""
    return (
        f"{machine()}. All engines ran in one process on one core and took turns of a few pages, so that whatever else "
        "the machine did fell on all of them; each had extracted some pages before its clock ran. A load above 1 says "
        "that the machine was busy: CPU times are then longer than on an idle one, for all engines alike."
    )


def measured(engines: Mapping[str, str], results: Mapping[str, Sequence[Result]]) -> Grid:
    """When each engine's CPU times were taken, and at which load of each core; ``engines`` are their libraries."""
    rows = []
    for name, each in results.items():
        times, loads = sorted(result.measured for result in each), [result.load for result in each]
        load = f"{min(loads):.1f} to {max(loads):.1f}"
        rows.append((name, engines[name], times[0], times[-1], load))
    return Grid("CPU times", ("engine", "library", "first taken (UTC)", "last", "load"), rows)
