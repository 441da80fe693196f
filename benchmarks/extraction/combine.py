"""Two engines together: what the union of their lines gains, and what their agreement is worth."""

from collections.abc import Sequence
from statistics import mean

import pyarrow as pa

from benchmarks.extraction.grid import Grid
from benchmarks.extraction.measure import Result
from filters.apply import PreparedStep, measure_steps
from filters.batch import Batch
from filters.decide import decide
from filters.registry import prepare
from pipelines.extract.combine import agreement, union
from pipelines.extract.labelled import LabelledPage
from pipelines.extract.scoring import bag_of_words, score_words
from pipelines.web.stages.decide import filter_rules
from schemas.recipe.load import load_recipe


def combined(
    pages: Sequence[LabelledPage], names: tuple[str, str], results: tuple[Sequence[Result], Sequence[Result]]
) -> Grid:
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
    rows = []
    for way, found in ways.items():
        scores = [score_words(text, true) for text, (true, _, _) in zip(found, texts, strict=True)]
        means = (mean(values) for values in zip(*scores, strict=True))
        gained = words[way] / words[names[0]] - 1
        rows.append((way, *(f"{value:.3f}" for value in means), f"{words[way]:,}", f"{gained:+.1%}"))
    return Grid("Two engines", ("text of", "F1", "P", "R", "words", f"more than {names[0]}"), rows)


def kept_by_recipe(name: str, pages: Sequence[LabelledPage], texts: Sequence[str]) -> list[bool]:
    """Which texts the filters of a recipe keep."""
    recipe = load_recipe(name, [])
    steps = [PreparedStep(step, prepare(step)) for step in recipe.filters]
    batch = Batch(
        text=pa.array(texts, pa.large_string()),
        uri=pa.array([page.page.url for page in pages], pa.string()),
        language=pa.nulls(len(texts), pa.string()),
    )
    measured = measure_steps(batch, steps, measure_all=False)
    verdicts = decide(measured.signals, filter_rules(recipe, {}), measured.details, "filter", len(batch))
    return [not verdict.is_valid for verdict in verdicts]


def filtered(
    pages: Sequence[LabelledPage],
    names: tuple[str, str],
    results: tuple[Sequence[Result], Sequence[Result]],
    recipe: str = "gopher",
) -> Grid:
    """Pages and words that a recipe's filters keep of each engine's texts, and of the better one of both where either
    is kept: the union of corpora, not of texts."""
    texts = [[result.text for result in each] for each in results]
    first, second = (kept_by_recipe(recipe, pages, each) for each in texts)
    words = [[bag_of_words(text).total() for text in each] for each in texts]
    ways = {
        names[0]: [count if keep else 0 for count, keep in zip(words[0], first, strict=True)],
        names[1]: [count if keep else 0 for count, keep in zip(words[1], second, strict=True)],
        "either": [
            one if keep else other if also else 0
            for one, other, keep, also in zip(*words, first, second, strict=True)
        ],
    }  # fmt: skip
    rows = []
    for way, counts in ways.items():
        gained = sum(counts) / max(sum(ways[names[0]]), 1) - 1
        rows.append((way, f"{sum(map(bool, counts)):,}", f"{sum(counts):,}", f"{gained:+.1%}"))
    return Grid(f"What {recipe} keeps of two engines", ("text of", "pages", "words", f"more than {names[0]}"), rows)
