"""The proof that an index finds what it should: items planted into documents, and documents without any."""

import random
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

import numpy as np

from filters.lexing.hashed_words import words_of
from filters.ngrams.benchmarks import BenchmarkIndex, words_of_texts
from filters.ngrams.hashing import PREFIX
from filters.ngrams.match import Hits, find_hits
from filters.ngrams.show import document_passage
from pipelines.decontaminate.documents import built_in_documents, read_documents
from pipelines.decontaminate.errors import BenchmarkError
from pipelines.decontaminate.plant import EDITS, LOSSLESS, plant

Report = Callable[[str], None]

PLANTED_IN = 300
"""Documents that items are planted in, drawn from all."""
_MAX_CHARACTERS = 4000
"""How much of a document items are planted in."""
_BATCH_CHARACTERS = 4_000_000
_EXAMPLES = 3


@dataclass
class Recall:
    """How many items of a benchmark were planted after an edit, and how many of them were found."""

    planted: int = 0
    found: int = 0
    missed: str | None = None
    """A planted item that was not found."""

    @property
    def share(self) -> float:
        """Found of planted, 0 to 1."""
        return self.found / self.planted if self.planted else 1.0


@dataclass
class SelfTest:
    """What a self-test showed."""

    recall: dict[str, dict[str, Recall]] = field(default_factory=dict)
    """By benchmark and edit. An item counts as found where a hit belongs to it, not to some other item."""
    documents: int = 0
    """Documents that nothing was planted in."""
    flagged: int = 0
    """Those of them in which something was found all the same."""
    flagged_by_benchmark: Counter[str] = field(default_factory=Counter)
    flagged_by_n: Counter[int] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    """Passages in them, by benchmark."""

    def total(self, edit: str) -> Recall:
        """The recall of an edit over all benchmarks."""
        each = [recall[edit] for recall in self.recall.values()]
        return Recall(sum(recall.planted for recall in each), sum(recall.found for recall in each))

    def holds(self) -> bool:
        """Every item was found after every edit that loses no word."""
        return all(self.total(edit).found == self.total(edit).planted for edit in LOSSLESS)


def self_test(index: BenchmarkIndex, patterns: list[str], per_benchmark: int, seed: int, report: Report) -> SelfTest:
    """Plant up to ``per_benchmark`` items of each benchmark, drawn by ``seed``, after each edit.

    The documents are those of the files that ``patterns`` name, made-up ones without any. Items of under four words
    are a document of their own, as that is how they can be found.

    Raises InputError or BenchmarkError for files that cannot be used, and where no document has a text.
    """
    rng = random.Random(seed)
    result = SelfTest()
    documents = read_documents(patterns) if patterns else built_in_documents(seed)
    sample = _look_at_unplanted(index, documents, result, rng, report)
    if not sample:
        raise BenchmarkError(f"{', '.join(patterns)}: no document has a text; name other files")
    chosen = _choose(index, per_benchmark, rng)
    for edit in EDITS:
        report(f"planting {len(chosen):,} items: {edit}")
        _plant_and_look(index, sample, chosen, edit, (result, rng))
    return result


def _choose(index: BenchmarkIndex, per_benchmark: int, rng: random.Random) -> list[int]:
    """Items that have a word, so many of each benchmark."""
    has_words = np.diff(words_of(index.prompts).offsets) > 0
    chosen: list[int] = []
    for number in range(len(index.metadata.benchmarks)):
        items = np.flatnonzero((index.ngrams.item_benchmarks == number) & has_words).tolist()
        chosen += rng.sample(items, min(per_benchmark, len(items)))
    return chosen


def _plant_and_look(
    index: BenchmarkIndex, sample: list[str], chosen: list[int], edit: str, state: tuple[SelfTest, random.Random]
) -> None:
    result, rng = state
    within_paragraph = edit == "inside"

    def planted() -> Iterator[str]:
        for item in chosen:
            text = index.prompts[item].as_py()
            edited = EDITS[edit](text, rng)
            whole = len(words_of_texts([text]).hash) < PREFIX
            yield edited if whole else plant(rng.choice(sample), edited, within_paragraph, rng)

    first = 0
    for texts in _batches(planted()):
        hits = find_hits(words_of_texts(texts), index.ngrams)
        for row, ngrams in _by_document(hits, len(texts)):
            item = chosen[first + row]
            recall = result.recall.setdefault(index.benchmark_of(item).name, {}).setdefault(edit, Recall())
            recall.planted += 1
            if any(item in index.ngrams.items_of(ngram) for ngram in ngrams):
                recall.found += 1
            else:
                recall.missed = recall.missed or index.prompts[item].as_py()
        first += len(texts)


def _look_at_unplanted(
    index: BenchmarkIndex, documents: Iterable[str], result: SelfTest, rng: random.Random, report: Report
) -> list[str]:
    """Look for benchmarks in all documents; returns a sample of them, drawn evenly (Vitter's algorithm R)."""
    sample: list[str] = []
    for texts in _batches(documents):
        for text in texts:
            result.documents += 1
            place = len(sample) if len(sample) < PLANTED_IN else rng.randrange(result.documents)
            sample[place : place + 1] = [text[:_MAX_CHARACTERS]] if place < PLANTED_IN else sample[place : place + 1]
        hits = find_hits(words_of_texts(texts), index.ngrams)
        _count_flagged(index, texts, hits, result)
        report(f"{result.documents:,} documents looked at")
    return sample


def _count_flagged(index: BenchmarkIndex, texts: list[str], hits: Hits, result: SelfTest) -> None:
    for row, ngrams in _by_document(hits, len(texts)):
        result.flagged += bool(ngrams)
        result.flagged_by_n.update({int(index.ngrams.lengths[ngram]) for ngram in ngrams})
        names = {index.benchmark_of(item).name: ngram for ngram in ngrams for item in index.ngrams.items_of(ngram)}
        result.flagged_by_benchmark.update(names.keys())
        for name, ngram in names.items():
            examples = result.examples.setdefault(name, [])
            if len(examples) < _EXAMPLES:
                word = int(hits.word[(hits.document == row) & (hits.ngram == ngram)][0])
                examples.append(document_passage(index, texts[row], (word, ngram), context=60))


def _by_document(hits: Hits, documents: int) -> Iterator[tuple[int, list[int]]]:
    """Every document with the distinct n-grams found in it, ascending."""
    borders = np.searchsorted(hits.document, np.arange(documents + 1))
    for row in range(documents):
        yield row, np.unique(hits.ngram[borders[row] : borders[row + 1]]).tolist()


def _batches(texts: Iterable[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    characters = 0
    for text in texts:
        batch.append(text)
        characters += len(text)
        if characters >= _BATCH_CHARACTERS:
            yield batch
            batch, characters = [], 0
    if batch:
        yield batch
