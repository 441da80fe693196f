"""Where our engine stands: beside the best of the others, group by group, and by its own bars."""

from collections.abc import Callable, Mapping, Sequence
from statistics import mean
from typing import NamedTuple

from benchmarks.extraction.grid import Grid
from benchmarks.extraction.tables import GROUPS, Values, groups
from pipelines.extract.labelled import LabelledPage

OURS, REFERENCE = "orchard", "trafilatura"
LEAST_F1 = 0.9
"""Mean over pages."""
MOST_MS: Mapping[str, float] = {"orchard, text alone": 3.0, "orchard, Markdown": 4.0}
"""CPU a page; the latter with metadata."""
MOST_BEHIND = 0.01
"""F1 that a group of pages may lie below the best mode of the reference."""
FEWEST_PAGES = 10
"""That a group has to have for this bar."""


class Standing(NamedTuple):
    """A group of pages: F1 of ours, of the reference's best mode and of the best of all others; our CPU ms."""

    group: str
    pages: int
    ours: float
    reference: tuple[float, str]
    other: tuple[float, str]
    ms: float
    reference_ms: float


def standings(
    pages: Sequence[LabelledPage], f1: Values, ms: Values, group_of: Callable[[LabelledPage], str]
) -> list[Standing]:
    """A line a group of pages that have a full text; none if ours or the reference does not take part."""
    modes = [name for name in f1 if name.startswith(REFERENCE)]
    others = [name for name in f1 if not name.startswith((OURS, REFERENCE))]
    if OURS not in f1 or not modes:
        return []
    return [
        Standing(
            name, len(places), _mean(f1[OURS], places), _best(f1, modes, places), _best(f1, others, places),
            _mean(ms[OURS], places), _mean(ms[modes[0]], places),
        )
        for name, places in groups(pages, f1, group_of)
    ]  # fmt: skip


def _best(values: Values, names: Sequence[str], places: Sequence[int]) -> tuple[float, str]:
    return max(((_mean(values[name], places), name) for name in names), default=(0.0, "-"))


def _mean(values: Sequence[float | None], places: Sequence[int]) -> float:
    return mean(value for place in places if (value := values[place]) is not None)


def beside_others(title: str, found: Sequence[Standing]) -> Grid:
    """The groups of pages, each with who is best besides us; our F1 is bold where nobody is better."""
    rows = []
    for each in found:
        ours = f"{each.ours:.3f}"
        lead = each.ours - each.reference[0]
        rows.append((
            each.group, f"{each.pages:,}", f"**{ours}**" if each.ours >= max(each.reference, each.other)[0] else ours,
            f"{each.reference[0]:.3f} {each.reference[1].removeprefix(REFERENCE).strip(', ') or 'default'}",
            f"{lead:+.3f}", f"{each.other[0]:.3f} {each.other[1]}", f"{each.ms:.1f}", f"{each.reference_ms:.1f}",
        ))  # fmt: skip
    head = (title, "pages", f"{OURS} F1", f"best {REFERENCE}", "lead", "best of the others", "ms", f"{REFERENCE} ms")
    return Grid(f"F1 by {title}", head, rows)


def bars(pages: Sequence[LabelledPage], f1: Values, ms: Values) -> Grid:
    """What is asked of our engine, and whether these pages show it."""
    rows: list[tuple[str, ...]] = []
    if OURS in f1:
        ours = mean(value for value in f1[OURS] if value is not None)
        rows.append(_bar("mean F1", f"at least {LEAST_F1:.2f}", f"{ours:.3f}", ours >= LEAST_F1))
    for name, most in MOST_MS.items():
        if name in ms:
            spent = mean(value for value in ms[name] if value is not None)
            rows.append(_bar(f"CPU ms a page, {name}", f"at most {most:g}", f"{spent:.2f}", spent <= most))
    for kind, group_of in GROUPS.items():
        rows += _behind(kind, [each for each in standings(pages, f1, ms, group_of) if each.pages >= FEWEST_PAGES])
    return Grid("Bars", ("bar", "asked", "found", ""), rows)


def _behind(kind: str, found: Sequence[Standing]) -> list[tuple[str, ...]]:
    leads = sorted((each.ours - each.reference[0], each.group) for each in found)
    if not leads:
        return []
    below = [f"{group} {lead:+.3f}" for lead, group in leads if lead < -MOST_BEHIND]
    said = ", ".join(below) or f"least: {leads[0][1]} {leads[0][0]:+.3f}"
    return [_bar(f"each {kind} against {REFERENCE}'s best", f"not below -{MOST_BEHIND}", said, not below)]


def _bar(name: str, asked: str, found: str, met: bool) -> tuple[str, ...]:
    return name, asked, found, "met" if met else "**missed**"
