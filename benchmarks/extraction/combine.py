"""Two engines together: what the union of their lines gains, and what their agreement is worth."""

from collections.abc import Sequence
from statistics import mean

from rich.table import Table

from benchmarks.extraction.measure import Result
from pipelines.extract.combine import agreement, union
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import bag_of_words, score_words


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
