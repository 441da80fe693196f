"""What one should know of an index before one trusts it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from filters.ngrams.benchmarks import BenchmarkIndex
from filters.ngrams.index_file import HOW_TO_BUILD, IndexFileError, fingerprint, load_index
from filters.ngrams.passages import first_largest
from filters.ngrams.show import ngram_text

SAFE_N = 8
"""GPT-3's smallest n. Of 3,210 web pages, n-grams of 23 sets flagged 16.7 % from 4 words up, and 0.5 % from 8 up."""
MANY_SUITES = 2
TEMPLATE_SHARE, TEMPLATE_OF = 0.1, 20
"""An n-gram that this share of a benchmark's items has, if it has so many, is a template's."""
_EXAMPLES = 3


@dataclass(frozen=True)
class Finding:
    """Something that a user should know."""

    severity: str
    """``warning`` or ``note``."""
    message: str


def check_index(path: Path) -> tuple[BenchmarkIndex, list[Finding]]:
    """Open an index, see that it is what was written, and look for what may go wrong with it.

    Raises IndexFileError: it cannot be opened, or its content is not what its fingerprint says.
    """
    index = load_index(path)
    if fingerprint(index) != index.metadata.fingerprint:
        raise IndexFileError(f"{path}: the content is not what its fingerprint says; {HOW_TO_BUILD}")
    return index, [*_unfindable(index), *_short(index), *_shared(index), *_templates(index)]


def _unfindable(index: BenchmarkIndex) -> Iterator[Finding]:
    for benchmark in index.metadata.benchmarks:
        if not benchmark.ngrams:
            yield Finding("warning", f"{benchmark.name} has no n-grams: nothing of it will ever be found")
        elif benchmark.empty_items:
            yield Finding(
                "warning", f"{benchmark.name}: {benchmark.empty_items} items without a letter or digit cannot be found"
            )
    exact = _sum(index, "exact_items")
    if exact:
        yield Finding("note", f"{exact} items of 1 to 3 words are found only where they are a whole document")
    short = _sum(index, "short_answers")
    if short:
        yield Finding("note", f"{short} answers are shorter than their benchmark's n and are not looked for alone")


def _short(index: BenchmarkIndex) -> Iterator[Finding]:
    short = sorted((each for each in index.metadata.benchmarks if each.n < SAFE_N), key=lambda each: each.n)
    if short:
        examples = ", ".join(f"{each.name}: {each.n}" for each in short[:_EXAMPLES])
        yield Finding(
            "warning",
            f"{len(short)} benchmarks are looked for by fewer than {SAFE_N} words (such as {examples}): common phrases "
            f"match, and only the counts of a very large corpus can tell them from items. For a corpus of less than a "
            f"billion documents build with --shortest {SAFE_N}",
        )


def _shared(index: BenchmarkIndex) -> Iterator[Finding]:
    """N-grams of many suites; the parts of one suite often share items."""
    suites = sorted({benchmark.suite for benchmark in index.metadata.benchmarks})
    of_benchmark = np.array([suites.index(benchmark.suite) for benchmark in index.metadata.benchmarks], np.int64)
    ngram, benchmark, _ = index.ngrams.benchmark_ngrams()
    pairs = np.unique(ngram * max(1, len(suites)) + of_benchmark[benchmark])
    held = np.bincount(pairs // max(1, len(suites)), minlength=index.ngrams.ngrams)
    many = np.flatnonzero(held >= MANY_SUITES)
    if len(many):
        most = many[np.argsort(-held[many], kind="stable")][:_EXAMPLES]
        examples = "; ".join(f"{held[each]} suites: {ngram_text(index, int(each))}" for each in most)
        yield Finding("note", f"{len(many):,} n-grams are shared by {MANY_SUITES} suites or more ({examples})")


def _templates(index: BenchmarkIndex) -> Iterator[Finding]:
    ngram, benchmark, items = index.ngrams.benchmark_ngrams()
    for most in first_largest(benchmark, items).tolist():
        about = index.metadata.benchmarks[benchmark[most]]
        if about.items >= TEMPLATE_OF and items[most] >= TEMPLATE_SHARE * about.items:
            words = ngram_text(index, int(ngram[most]))
            yield Finding(
                "warning",
                f"{about.name}: {items[most]} of {about.items} items hold the same words, a template that other texts "
                f"may follow too: {words}",
            )


def _sum(index: BenchmarkIndex, field: str) -> int:
    return sum(getattr(benchmark, field) for benchmark in index.metadata.benchmarks)
