"""Why a text is not the true one: what is missing, what is too much, what could not be found in the page at all."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from resiliparse.extract.html2text import extract_plain_text

from benchmarks.extraction.grid import Grid
from benchmarks.extraction.measure import Result
from benchmarks.extraction.scores import Judged
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import bag_of_words, split_words

LONGEST_PASSAGE = 12
"""Words of an example."""


CAUSES = ("truth not in page", "wrong block", "over-extraction", "under-extraction")


class Loss(NamedTuple):
    """A page's loss, 1 - F1, by cause; the parts add up to it."""

    absent: float
    """True words that the page does not have as text: the label is of another version, or scripts make them."""
    wrong: float
    """The smaller of what is missing and what is too much, twice: another block was taken."""
    over: float
    """Words that are too much, beyond that."""
    under: float
    """Words that are missing, beyond that."""

    @property
    def cause(self) -> str:
        """The largest part."""
        return max(zip(self, CAUSES, strict=True))[1]


def find_loss(page: LabelledPage, result: Result) -> Loss:
    """Where the loss of a page whose full text is known comes from."""
    found, true = bag_of_words(result.text), bag_of_words(page.label.text)
    shown = bag_of_words(extract_plain_text(page.page.html, alt_texts=True, noscript=True))
    missing = true - found
    absent = (missing - shown).total()
    under, over = missing.total() - absent, (found - true).total()
    exchanged = min(under, over)
    whole = max(found.total() + true.total(), 1)
    return Loss(absent / whole, 2 * exchanged / whole, (over - exchanged) / whole, (under - exchanged) / whole)


def losses(pages: Sequence[LabelledPage], results: Sequence[Result]) -> Grid:
    """The mean loss of all pages by cause, and by source."""
    by_source: dict[str, list[Loss]] = {"all": []}
    for page, result in zip(pages, results, strict=True):
        if page.label.has_full_text:
            loss = find_loss(page, result)
            for group in ("all", page.label.source or "(unknown)"):
                by_source.setdefault(group, []).append(loss)
    rows = []
    for group, each in by_source.items():
        means = [sum(values) / len(each) for values in zip(*each, strict=True)]
        rows.append((group, f"{len(each):,}", *(f"{value:.3f}" for value in (sum(means), *means))))
    return Grid("Loss by cause", ("source", "pages", "1 - F1", *CAUSES), rows)


def worst(
    name: str,
    pages: Sequence[LabelledPage],
    results: Sequence[Result],
    judged: Mapping[str, Sequence[Judged | None]],
    count: int,
) -> Grid:
    """The pages with the lowest F1 of an engine: why, what is missing, what is too much, and who did better."""
    scored = [(one.words, place) for place, one in enumerate(judged[name]) if one is not None]
    rows = []
    for score, place in sorted(scored)[:count]:
        page, result = pages[place], results[place]
        others = {other: each[place] for other, each in judged.items() if not _same_engine(name, other)}
        best = max(((one.words.f1, other) for other, one in others.items() if one is not None), default=(0.0, "nobody"))
        rows.append((
            page.page.url or page.page.id,
            ", ".join(filter(None, (page.label.source, page.label.page_type, page.label.lang))),
            *(f"{value:.2f}" for value in score),
            result.error or find_loss(page, result).cause,
            passage(page.label.text, result.text),
            passage(result.text, page.label.text),
            f"{best[0]:.2f} {best[1]}",
        ))  # fmt: skip
    head = ("page", "kind", "F1", "P", "R", "cause", "lost", "wrongly kept", "best of the others")
    return Grid(f"The {len(rows)} worst pages of {name}", head, rows)


def _same_engine(name: str, other: str) -> bool:
    """Whether both are modes of one engine."""
    return name.partition(",")[0] == other.partition(",")[0]


def passage(text: str, other: str) -> str:
    """How many words of a text the other has not, and the start of the longest run of words that it does not know."""
    count = (bag_of_words(text) - bag_of_words(other)).total()
    if not count:
        return "nothing"
    run = longest_run(text, other)
    return f"{count:,} words" + (f": {run} ..." if run else " of those that are there, but more often")


def longest_run(text: str, other: str) -> str:
    """The start of the longest run of words of a text that the other does not have."""
    known = bag_of_words(other)
    best: list[str] = []
    run: list[str] = []
    for word in split_words(text):
        run = [] if word in known else [*run, word]
        best = run if len(run) > len(best) else best
    return " ".join(best[:LONGEST_PASSAGE])
