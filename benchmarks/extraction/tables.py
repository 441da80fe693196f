"""Tables of results: all engines on all pages, then by group."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import mean, quantiles

from benchmarks.extraction.contenders import language
from benchmarks.extraction.grid import Grid
from benchmarks.extraction.measure import Result
from benchmarks.extraction.scores import Judged
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import Snippets

FEWEST = 5
"""Pages that a group needs to be a line of its own; smaller ones are taken together."""
GROUPS: Mapping[str, Callable[[LabelledPage], str]] = {
    "source": lambda page: page.label.source,
    "page type": lambda page: page.label.page_type,
    "language": language,
}
"""What results are grouped by."""
Values = Mapping[str, Sequence[float | None]]
"""A value a page, by engine; None where there is none."""


def overall(judged: Mapping[str, Sequence[Judged | None]], results: Mapping[str, Sequence[Result]]) -> Grid:
    """A line an engine: means over pages with a full text; CPU over all pages."""
    rows = []
    for name, each in judged.items():
        scores = [one for one in each if one is not None]
        times = [result.milliseconds for result in results[name]]
        rows.append((
            name,
            *(f"{mean(values):.3f}" for values in _columns(scores)),
            str(sum(one.words.f1 == 0 for one in scores)),
            *(f"{value:.2f}" for value in (mean(times), *_percentiles(times), max(times))),
            str(sum(bool(result.error) for result in results[name])),
        ))  # fmt: skip
    head = ("engine", "F1", "P", "R", "order", "chars", "zero", "ms", "p50", "p99", "max", "errors")
    return Grid("All pages", head, rows)


def _columns(scores: Sequence[Judged]) -> Iterable[list[float]]:
    yield from ([getattr(one.words, part) for one in scores] for part in ("f1", "precision", "recall"))
    yield [one.order.f1 for one in scores]
    yield [one.characters.f1 for one in scores]


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=100, method="inclusive") if len(times) > 1 else [times[0]] * 99
    return cuts[49], cuts[98]


def measures(
    judged: Mapping[str, Sequence[Judged | None]], results: Mapping[str, Sequence[Result]]
) -> dict[str, Values]:
    """Everything that is shown by group; CPU milliseconds also of pages without a full text."""

    def scores(of: Callable[[Judged], float]) -> Values:
        return {name: [None if one is None else of(one) for one in each] for name, each in judged.items()}

    return {
        "F1": scores(lambda one: one.words.f1),
        "Precision": scores(lambda one: one.words.precision),
        "Recall": scores(lambda one: one.words.recall),
        "Order (F1 of runs of 5 words)": scores(lambda one: one.order.f1),
        "Characters (F1 of runs of 3)": scores(lambda one: one.characters.f1),
        "CPU ms a page": {name: [result.milliseconds for result in each] for name, each in results.items()},
    }


def by_group(
    kind: str, pages: Sequence[LabelledPage], values: Values, group_of: Callable[[LabelledPage], str], title: str
) -> Grid:
    """A line a group, a column an engine: means of a value over the pages that have one."""
    rows = [
        (name, f"{len(positions):,}", *(f"{value:.3f}" for value in _means(values, positions)))
        for name, positions in groups(pages, values, group_of)
    ]
    return Grid(title, (kind, "pages", *values), rows)


def groups(
    pages: Sequence[LabelledPage], values: Values, group_of: Callable[[LabelledPage], str]
) -> list[tuple[str, list[int]]]:
    """The positions of the pages that have a value, by group: the largest first; those under ``FEWEST`` as one, at the
    end."""
    members: dict[str, list[int]] = defaultdict(list)
    for position, page in enumerate(pages):
        if all(each[position] is not None for each in values.values()):
            members[group_of(page) or "(unknown)"].append(position)
    ordered = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    small = [position for _, positions in ordered if len(positions) < FEWEST for position in positions]
    large = [(name, positions) for name, positions in ordered if len(positions) >= FEWEST]
    return [*large, ("(others)", small)] if small else large


def _means(values: Values, positions: Sequence[int]) -> list[float]:
    return [mean(value for position in positions if (value := each[position]) is not None) for each in values.values()]


def snippets(judged: Mapping[str, Sequence[Snippets]]) -> Grid:
    """A line an engine: shares of the passages that are kept, and cut, as they should be."""
    rows = []
    for name, each in judged.items():
        kept, wanted, cut, unwanted = map(sum, zip(*each, strict=True))
        if wanted + unwanted:
            shares = (kept / max(wanted, 1), cut / max(unwanted, 1), (kept + cut) / (wanted + unwanted))
            cells = [f"{share:.3f}" for share in shares]
            rows.append((name, cells[0], f"{wanted:,}", cells[1], f"{unwanted:,}", cells[2]))
    return Grid("Passages that must and must not be in the text", ("engine", "kept", "of", "cut", "of", "all"), rows)
