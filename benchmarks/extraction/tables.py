"""Tables of results: all engines on all pages, then by group."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import mean, quantiles

from rich.table import Table

from benchmarks.extraction.measure import Judged, Result
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import Snippets

FEWEST = 5
"""Pages that a group needs to be a line of its own; smaller ones are taken together."""


def overall(judged: Mapping[str, Sequence[Judged | None]], results: Mapping[str, Sequence[Result]]) -> Table:
    """A line an engine: means over pages with a full text; CPU over all pages."""
    table = Table("engine", title="pages with a full text; CPU of all pages", title_justify="left")
    for name in ("F1", "P", "R", "order", "chars", "zero", "ms", "p50", "p99", "max", "errors"):
        table.add_column(name, justify="right")
    for name, each in judged.items():
        scores = [one for one in each if one is not None]
        times = [result.milliseconds for result in results[name]]
        table.add_row(
            name,
            *(f"{mean(values):.3f}" for values in _columns(scores)),
            str(sum(one.words.f1 == 0 for one in scores)),
            *(f"{value:.2f}" for value in (mean(times), *_percentiles(times), max(times))),
            str(sum(bool(result.error) for result in results[name])),
        )
    return table


def _columns(scores: Sequence[Judged]) -> Iterable[list[float]]:
    yield from ([getattr(one.words, part) for one in scores] for part in ("f1", "precision", "recall"))
    yield [one.order.f1 for one in scores]
    yield [one.characters.f1 for one in scores]


def _percentiles(times: Sequence[float]) -> tuple[float, float]:
    cuts = quantiles(times, n=100, method="inclusive")
    return cuts[49], cuts[98]


def by_group(
    title: str,
    pages: Sequence[LabelledPage],
    judged: Mapping[str, Sequence[Judged | None]],
    group_of: Callable[[LabelledPage], str],
    score_of: Callable[[Judged], float] = lambda judged: judged.words.f1,
) -> Table:
    """A line a group, a column an engine: means of a score (word F1), the best one in bold."""
    members: dict[str, list[int]] = defaultdict(list)
    for position, page in enumerate(pages):
        if page.label.has_full_text:
            members[group_of(page) or "(unknown)"].append(position)
    table = Table(title, "pages", *judged, title_justify="left")
    for name, positions in _large_groups(members):
        means = {
            engine: mean(score_of(one) for position in positions if (one := scores[position]) is not None)
            for engine, scores in judged.items()
        }
        table.add_row(name, str(len(positions)), *_cells(list(means.values())))
    return table


def _large_groups(members: Mapping[str, list[int]]) -> list[tuple[str, list[int]]]:
    """The groups, the largest first; those under ``FEWEST`` as one, at the end."""
    groups = sorted(members.items(), key=lambda item: (-len(item[1]), item[0]))
    small = [position for _, positions in groups if len(positions) < FEWEST for position in positions]
    large = [(name, positions) for name, positions in groups if len(positions) >= FEWEST]
    return [*large, ("(others)", small)] if small else large


def _cells(values: Sequence[float]) -> list[str]:
    return [f"[bold]{value:.3f}[/]" if value == max(values) else f"{value:.3f}" for value in values]


def snippets(judged: Mapping[str, Sequence[Snippets]]) -> Table:
    """A line an engine: shares of the passages that are kept, and cut, as they should be."""
    table = Table("engine", title="passages that must and must not be in the text", title_justify="left")
    for name in ("kept", "of", "cut", "of", "satisfied"):
        table.add_column(name, justify="right")
    for name, each in judged.items():
        kept, wanted, cut, unwanted = map(sum, zip(*each, strict=True))
        if wanted + unwanted:
            shares = (kept / max(wanted, 1), cut / max(unwanted, 1), (kept + cut) / (wanted + unwanted))
            cells = [f"{share:.3f}" for share in shares]
            table.add_row(name, cells[0], str(wanted), cells[1], str(unwanted), cells[2])
    return table
