"""How good probabilities are: F1 of the words of the blocks they keep, by groups of pages."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from pipelines.extract.features.stems import page_words
from pipelines.extract.model.keep import keep_blocks
from pipelines.extract.scoring import Bag, Score, compare, mean_score
from pipelines.extract.train.examples import Example
from schemas.extractor_card import GroupScore

Floats = npt.NDArray[np.float32]

FEWEST_PAGES = 10
"""Of a group that is listed."""


def score_page(example: Example, probability: Floats) -> tuple[Score, float]:
    """The score of the blocks that are kept, and the F1 that was expected of them."""
    tokens, blocks = example.tokens, example.blocks
    words = page_words(tokens.source, tokens.table, blocks.table)
    keep, _, expected = keep_blocks(tokens, blocks, words, probability)
    kept = Bag(word for block in np.flatnonzero(keep).tolist() for word in example.words[block])
    return compare(kept, Bag(example.truth)), expected


def score_pages(examples: Sequence[Example], probabilities: Sequence[Floats]) -> dict[int, tuple[Score, float]]:
    """``score_page`` of those examples that can be measured, by their number."""
    return {
        number: score_page(example, probabilities[number])
        for number, example in enumerate(examples)
        if example.is_measured and len(probabilities[number])
    }


def grouped(examples: Sequence[Example], scores: dict[int, tuple[Score, float]]) -> tuple[GroupScore, ...]:
    """All pages, then by source, kind of page and language."""
    groups: defaultdict[str, list[Score]] = defaultdict(list)
    for number, (score, _) in scores.items():
        label = examples[number].label
        groups["all"].append(score)
        for kind, value in (("source", label.source), ("page type", label.page_type), ("language", label.lang[:2])):
            if value:
                groups[f"{kind} {value}"].append(score)
    names = sorted(groups, key=lambda name: (name != "all", not name.startswith("source"), name))
    return tuple(group_score(name, groups[name]) for name in names if len(groups[name]) >= FEWEST_PAGES)


def group_score(name: str, scores: Sequence[Score]) -> GroupScore:
    """The mean of a group."""
    mean = mean_score(scores)
    return GroupScore(group=name, pages=len(scores), f1=mean.f1, precision=mean.precision, recall=mean.recall)
