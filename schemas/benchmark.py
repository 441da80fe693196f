"""Benchmarks to keep out of a corpus: their items, how files name an item's fields, and what an index says of them."""

from collections.abc import Sequence
from typing import Self

from pydantic import Field, model_validator

from schemas.strict import StrictModel

SHORTEST_NGRAM = 4
LONGEST_NGRAM = 13
"""The n-grams that AFM looks for (arXiv 2407.21075, 3.1.4; GPT-3: 8 to 13, arXiv 2005.14165, appendix C)."""


class BenchmarkItem(StrictModel):
    """One item of a benchmark, as a document could show it."""

    suite: str = Field(min_length=1)
    """The benchmark: mmlu."""
    subtask: str = ""
    """Its part: abstract_algebra; empty where it has none."""
    split: str = ""
    """Its split: test; empty where the files do not say."""
    revision: str = ""
    """The version of the data; empty: a digest over the items stands for it."""
    item_id: str
    """What the benchmark calls the item, or its row."""
    question: str
    """What is asked, without its choices where these are a field of their own."""
    choices: tuple[str, ...] = ()
    """The answers to choose from, in order."""
    answers: tuple[str, ...] = ()
    """What counts as right; a letter or number of a choice says nothing to the index, and is not harmful."""

    @property
    def prompt(self) -> str:
        """The question with its choices, a line each."""
        return "\n".join((self.question, *self.choices))


class BenchmarkColumns(StrictModel):
    """Names under which benchmark files may hold a field; a dot leads into an object: ``question.stem``.

    The first name that a row has is read, but of ``choices``: all that it has, since some sets have a column for each.
    Passages are left out, as they mostly are public web text that a corpus may well contain (AFM.md's field rule).
    """

    suite: tuple[str, ...] = ("suite", "benchmark")
    """The benchmark's name; without one, the file's name stands in."""
    subtask: tuple[str, ...] = ("subtask", "subject")
    """The part of the benchmark."""
    split: tuple[str, ...] = ("split",)
    """The split."""
    revision: tuple[str, ...] = ("revision",)
    """The version of the data."""
    item_id: tuple[str, ...] = ("id", "item_id", "task_id", "question_id", "uid", "key", "idx", "ind")
    """The item's name; without one, its row."""
    question: tuple[str, ...] = (
        "question.stem", "question", "text", "prompt", "query", "problem", "instruction", "goal", "sentence", "input",
        "ctx", "premise", "turns", "question_stem",
    )  # fmt: skip
    """What is asked; a file without any of these is refused."""
    choices: tuple[str, ...] = (
        "choices", "options", "endings", "question.choices", "sol1", "sol2", "option1", "option2", "choice1", "choice2",
        "A", "B", "C", "D", "E",
    )  # fmt: skip
    """The choices: a list, a list or struct of ``text`` and ``label``, an object by label, or a column each."""
    answers: tuple[str, ...] = (
        "answer", "answers", "canonical_solution", "solution", "code", "target", "best_answer", "output", "completion",
    )  # fmt: skip
    """The right answer: a text, a list of texts, or a struct with ``text`` or ``value``."""


class IndexSettings(StrictModel):
    """How n-grams are taken from benchmarks."""

    shortest: int = Field(default=SHORTEST_NGRAM, ge=SHORTEST_NGRAM, le=63)
    """The smallest n of a benchmark, in words. 4 is AFM's; it needs the counts of a corpus of a trillion words to tell
    common phrases from items (`Decontaminate.common_usage`). 8, GPT-3's, is better for anything smaller."""
    longest: int = Field(default=LONGEST_NGRAM, ge=SHORTEST_NGRAM, le=63)
    """The largest n of a benchmark, in words."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError(f"the smallest n is larger than the largest: {self.shortest} to {self.longest}")
        return self


class IndexedBenchmark(StrictModel):
    """What an index holds of one benchmark, that is of one (suite, subtask, split, revision)."""

    suite: str
    subtask: str
    split: str
    revision: str
    """As the files say it, else ``xxh3:`` and 16 hex over the items in any order."""
    fields: tuple[str, ...]
    """Which fields are indexed: question, choices, answers."""
    files: tuple[str, ...]
    """The files that the items come from."""
    n: int
    """Words of its n-grams: the 5th percentile of its items' lengths, kept within the index's bounds."""
    items: int
    ngrams: int
    """Distinct n-grams; some may belong to other benchmarks too."""
    short_items: int
    """Items of fewer than n words, but at least 4: found as a whole, anywhere in a document."""
    exact_items: int
    """Items of 1 to 3 words: found only where they are the whole document."""
    empty_items: int
    """Items without a letter or digit: they cannot be found."""
    answers: int
    """Answers of at least n words, whose n-grams are indexed besides the questions'."""
    short_answers: int
    """Answers of fewer words: left out, since outside of their question they are anybody's words."""

    @property
    def name(self) -> str:
        """The benchmark in one word: mmlu/abstract_algebra/test."""
        return benchmark_name((self.suite, self.subtask, self.split))


class IndexMetadata(StrictModel):
    """What the file of an index says of itself."""

    settings: IndexSettings
    normalisation: str
    """How words are compared."""
    benchmarks: tuple[IndexedBenchmark, ...]
    """Sorted by suite, subtask, split, revision."""
    ngrams: int
    """Distinct n-grams of all benchmarks."""
    fingerprint: str
    """Hex of xxh3-128 over everything that the index holds."""


def benchmark_name(parts: Sequence[str]) -> str:
    """Suite, subtask and split as one name, without the empty ones."""
    return "/".join(part for part in parts if part)
