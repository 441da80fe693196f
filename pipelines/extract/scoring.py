"""How well an extracted text agrees with what a page truly says, between 0 and 1.

- ``score_words``: F1 of bags of words; CJK by character, since nothing stands between its words. As in the Web Content
  Extraction Benchmark (https://github.com/Murrough-Foley/web-content-extraction-benchmark). It does not see order.
- ``score_order``: F1 of bags of runs of 5 words, ROUGE-5 (Lin 2004, https://aclanthology.org/W04-1013; for extraction:
  Dripper, https://arxiv.org/abs/2511.23119). A paragraph in the wrong place costs little, a mixed-up table much.
- ``score_characters``: F1 of bags of runs of 3 characters, white space left out, as in chrF (Popović 2015,
  https://aclanthology.org/W15-3049). For scripts whose words cannot be told apart without a dictionary.

Letters are compared in lower case. Two empty texts agree; an empty one and another do not.
"""

import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

WORD = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]|[^\W\u3040-\u30ff\u4e00-\u9fff]+")
"""A kana or Han character, or a run of other letters, digits and underscores."""
RUN_OF_WORDS = 5
RUN_OF_CHARACTERS = 3

Bag = Counter[Hashable]


class Score(NamedTuple):
    """Agreement of a found text with the true one."""

    f1: float
    precision: float
    recall: float


class Snippets(NamedTuple):
    """How many of the passages that a page's text must and must not have are as they should be."""

    kept: int
    wanted: int
    cut: int
    unwanted: int

    @property
    def satisfied(self) -> float:
        """Share of all passages; 1 where there are none."""
        count = self.wanted + self.unwanted
        return (self.kept + self.cut) / count if count else 1.0


def score_words(found: str, true: str) -> Score:
    """F1, precision and recall of bags of words."""
    return compare(bag_of_words(found), bag_of_words(true))


def score_order(found: str, true: str) -> Score:
    """F1, precision and recall of bags of runs of 5 words."""
    return compare(bag_of_runs(found), bag_of_runs(true))


def score_characters(found: str, true: str) -> Score:
    """F1, precision and recall of bags of runs of 3 characters."""
    return compare(bag_of_characters(found), bag_of_characters(true))


def bag_of_words(text: str) -> Bag:
    """How often each word occurs."""
    return Counter(split_words(text))


def bag_of_runs(text: str) -> Bag:
    """How often each run of 5 words occurs; a shorter text is one run."""
    return Counter(_runs(split_words(text), RUN_OF_WORDS))


def bag_of_characters(text: str) -> Bag:
    """How often each run of 3 characters occurs, white space left out; a shorter text is one run."""
    return Counter(_runs("".join(text.lower().split()), RUN_OF_CHARACTERS))


def split_words(text: str) -> list[str]:
    """The words of a text in lower case, CJK by character."""
    return WORD.findall(text.lower())


def compare(found: Bag, true: Bag) -> Score:
    """The score of two bags. A text that is compared often is counted once."""
    have, want = found.total(), true.total()
    if not have and not want:
        return Score(1.0, 1.0, 1.0)
    common = _common(found, true)
    if not common:
        return Score(0.0, 0.0, 0.0)
    return Score(2 * common / (have + want), common / have, common / want)


def score_snippets(found: str, wanted: Iterable[str], unwanted: Iterable[str]) -> Snippets:
    """Which passages stand in the text, whatever white space it has between words."""
    text = _on_one_line(found)
    keep, cut = [_on_one_line(each) in text for each in wanted], [_on_one_line(each) not in text for each in unwanted]
    return Snippets(sum(keep), len(keep), sum(cut), len(cut))


def mean_score(scores: Sequence[Score]) -> Score:
    """The mean over pages, each of which counts the same. Raises ``ValueError`` if there are none."""
    if not scores:
        raise ValueError("there is no mean of no scores")
    return Score(*(sum(values) / len(scores) for values in zip(*scores, strict=True)))


def _common(first: Bag, second: Bag) -> int:
    if len(second) < len(first):
        first, second = second, first
    return sum(min(count, second[unit]) for unit, count in first.items() if unit in second)


def _runs(units: Sequence[str], length: int) -> Iterable[Hashable]:
    if len(units) <= length:
        return [tuple(units)] if units else []
    return zip(*(units[start:] for start in range(length)), strict=False)


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
