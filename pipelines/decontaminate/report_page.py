"""The report of a decontamination as a Markdown page."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from filters.ngrams.benchmarks import BenchmarkIndex
from pipelines.decontaminate.describe import SAFE_N
from pipelines.decontaminate.report import CLEAN, SEEN, UNKNOWN, Sightings
from pipelines.decontaminate.verdicts import CUT, DROPPED, MARKED
from schemas.recipe.decontaminate import Decontaminate

FATES = {"drop": (DROPPED,), "cut": (CUT, DROPPED), "mark": (MARKED,)}
"""What may become of documents, by mode."""
NOTHING_FOUND = (
    "the index matched nothing at all: either the corpus is clean, or the index is not of its language and kind. "
    "See whether planted items are found: orchard decontaminate --self-test --index INDEX --documents 'kept/*.parquet'"
)

SHORT_ONLY = (
    f"flagged documents hold only n-grams of fewer than {SAFE_N} words, which in a corpus of less than a billion "
    "documents are common phrases for the most part. See the examples in contamination.md; an index built with "
    f"`orchard benchmarks build --shortest {SAFE_N}` leaves them alone"
)


@dataclass(frozen=True)
class Page:
    """What the page shows."""

    recipe: Decontaminate
    index: BenchmarkIndex
    documents: int
    """Documents that were looked at."""
    found_ngrams: int
    """N-grams that some document holds."""
    common: Sequence[tuple[str, int]]
    """The exempted n-grams that most documents hold, and how many these are."""
    common_ngrams: int
    sightings: Sightings
    states: Sequence[str]
    """Of every item."""
    examples: Mapping[int, Sequence[str]]
    """By benchmark."""


def markdown(page: Page) -> str:
    """The page as text."""
    return "\n".join([*_head(page), *_benchmarks(page), *_lengths(page), *_common(page), *_examples(page)]) + "\n"


def _head(page: Page) -> Iterator[str]:
    about, fates = page.index.metadata, page.sightings.fates
    flagged = fates.total()
    yield "# Benchmarks in the corpus\n"
    if not page.found_ngrams:
        yield f"**WARNING: {NOTHING_FOUND}**\n"
    done = " and ".join(f"{fates[fate]:,} were {fate}" for fate in FATES[page.recipe.mode])
    share = f" ({flagged / page.documents:.2%})" if page.documents else ""
    yield (
        f"Of {page.documents:,} documents, {flagged:,}{share} hold an n-gram of a benchmark that is no common usage: "
        f"{done}.\n"
    )
    states = Counter(page.states)
    yield (
        f"Of {len(page.states):,} benchmark items, {states[SEEN]:,} were seen, {states[CLEAN]:,} are clean and of "
        f"{states[UNKNOWN]:,} nothing can be said.\n"
    )
    yield (
        f"Index {about.fingerprint}: {len(about.benchmarks):,} benchmarks, {about.ngrams:,} n-grams. An n-gram that "
        f"{page.recipe.common_usage:,} documents hold is common usage.\n"
    )
    yield (
        "All matches, both passages side by side: `matches/*.parquet`. All items, seen or clean, and where: "
        "`benchmarks/items.parquet`.\n"
    )


def _benchmarks(page: Page) -> Iterator[str]:
    fates = FATES[page.recipe.mode]
    yield "## By benchmark\n"
    yield (
        "An item is *seen* if a document holds one n-gram of it, *seen whole* if a document holds its whole question, "
        "or its whole answer, in one piece. A document counts for every benchmark that it holds something of.\n"
    )
    yield from _header(
        ["benchmark", "n", "items", "seen", "seen whole", "clean", "unknown", *(f"documents {fate}" for fate in fates)]
    )
    states = [Counter[str]() for _ in page.index.metadata.benchmarks]
    for benchmark, state in zip(page.index.ngrams.item_benchmarks.tolist(), page.states, strict=True):
        states[benchmark][state] += 1
    whole = Counter(
        int(page.index.ngrams.item_benchmarks[item])
        for item, seen in page.sightings.items.items()
        if seen.largest_share == 1
    )
    for number in _most_documents_first(page):
        about, count, by_fate = page.index.metadata.benchmarks[number], states[number], page.sightings.by_benchmark
        share = f" ({count[SEEN] / about.items:.1%})" if count[SEEN] else ""
        documents = by_fate.get(number, Counter())
        yield _row(
            [
                about.name,
                about.n,
                about.items,
                f"{count[SEEN]:,}{share}",
                whole[number],
                count[CLEAN],
                count[UNKNOWN],
                *(documents[fate] for fate in fates),
            ]
        )
    yield ""


def _most_documents_first(page: Page) -> list[int]:
    by_benchmark, benchmarks = page.sightings.by_benchmark, page.index.metadata.benchmarks
    documents = {
        number: by_benchmark[number].total() if number in by_benchmark else 0 for number in range(len(benchmarks))
    }
    return sorted(documents, key=lambda number: (-documents[number], number))


def _lengths(page: Page) -> Iterator[str]:
    if not page.sightings.by_n:
        return
    fates = FATES[page.recipe.mode]
    yield "## By n\n"
    if page.sightings.short_only:
        yield f"{page.sightings.short_only:,} {SHORT_ONLY}.\n"
    yield from _header(["n", *(f"documents {fate}" for fate in fates)])
    for n, documents in sorted(page.sightings.by_n.items()):
        yield _row([n, *(documents[fate] for fate in fates)])
    yield ""


def _common(page: Page) -> Iterator[str]:
    yield "## Common usage\n"
    yield (
        f"{page.common_ngrams:,} of the {page.found_ngrams:,} n-grams found are in {page.recipe.common_usage:,} "
        "documents or more, and no reason to drop any.\n"
    )
    yield from (f"- {documents:,} documents: {_escaped(text)}" for text, documents in page.common)
    if page.common:
        yield ""


def _examples(page: Page) -> Iterator[str]:
    shown = [number for number in _most_documents_first(page) if page.examples.get(number)]
    if not shown:
        return
    yield "## Examples\n"
    yield "What the document says, then what the item says; in brackets what they share.\n"
    for number in shown:
        yield f"### {page.index.metadata.benchmarks[number].name}\n"
        for text in page.examples[number]:
            document, _, item = text.partition("\n")
            yield f"- {_escaped(document)}\n  <br>{_escaped(item)}"
        yield ""


def _header(names: Sequence[str]) -> Iterator[str]:
    yield _row(names)
    yield "|" + "---|" + "---:|" * (len(names) - 1)


def _row(cells: Sequence[str | int]) -> str:
    texts = [f"{cell:,}" if isinstance(cell, int) else _escaped(cell) for cell in cells]
    return f"| {' | '.join(texts)} |"


def _escaped(text: str) -> str:
    """Text that stays as it is in Markdown."""
    for mark in ("\\", "|", "<", "*", "_", "`", "#"):
        text = text.replace(mark, f"\\{mark}")
    return text
