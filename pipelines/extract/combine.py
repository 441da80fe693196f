"""The texts of two engines as one: the union of their lines, or the lines that both have."""

from collections.abc import Iterator

from pipelines.extract.scoring import bag_of_runs, split_words

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
