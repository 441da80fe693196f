"""Two engines together: the union of their lines, and the lines that both have."""

from collections.abc import Iterator, Sequence
from statistics import mean

from rich.table import Table

from benchmarks.extraction.measure import Result
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import bag_of_runs, bag_of_words, score_words, split_words

SHARE = 0.5
"""Of a line's runs of words that the other text must have for the line to count as its too."""


def agreement(first: str, second: str) -> str:
    """The lines of the first text that the second has too."""
    return "\n".join(line for line, is_shared in _lines(first, second) if is_shared)


def union(first: str, second: str) -> str:
    """The first text, and the lines that only the second has, each behind the shared line that it follows there."""
    places = {_key(line): place for place, line in enumerate(first.split("\n"))}
    added: dict[int, list[str]] = {}
    place = -1
    for line, is_shared in _lines(second, first):
        if is_shared:
            place = max(place, places.get(_key(line), place))
        else:
            added.setdefault(place, []).append(line)
    lines = list(added.get(-1, []))
    for place, line in enumerate(first.split("\n")):
        lines += [line, *added.get(place, [])]
    return "\n".join(lines)


def _lines(text: str, other: str) -> Iterator[tuple[str, bool]]:
    """The lines of a text, and whether the other has most of each one's runs of words, or the whole of a short one."""
    lines, runs = {_key(line) for line in other.split("\n")}, bag_of_runs(other)
    for line in text.split("\n"):
        own = bag_of_runs(line)
        shared = sum(count for run, count in own.items() if run in runs)
        yield line, not own or _key(line) in lines or shared >= SHARE * own.total()


def _key(line: str) -> tuple[str, ...]:
    return tuple(split_words(line))


def combined(
    pages: Sequence[LabelledPage], names: tuple[str, str], results: tuple[Sequence[Result], Sequence[Result]]
) -> Table:
    """F1 and words of two engines alone and together, on pages with a full text."""
    texts = [
        (page.label.text, first.text, second.text)
        for page, first, second in zip(pages, *results, strict=True)
        if page.label.has_full_text
    ]
    ways = {
        names[0]: [first for _, first, _ in texts],
        names[1]: [second for _, _, second in texts],
        "union": [union(first, second) for _, first, second in texts],
        "agreement": [agreement(first, second) for _, first, second in texts],
    }
    words = {way: sum(bag_of_words(text).total() for text in found) for way, found in ways.items()}
    table = Table("two engines", "F1", "P", "R", "words", f"more than {names[0]}")
    for way, found in ways.items():
        scores = [score_words(text, true) for text, (true, _, _) in zip(found, texts, strict=True)]
        means = (mean(values) for values in zip(*scores, strict=True))
        gained = words[way] / words[names[0]] - 1
        table.add_row(way, *(f"{value:.3f}" for value in means), f"{words[way]:,}", f"{gained:+.1%}")
    return table
