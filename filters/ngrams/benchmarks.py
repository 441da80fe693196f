"""From the items of benchmarks to an index of their n-grams."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa
import xxhash
from pydantic import JsonValue

from filters.lexing.hashed_words import HashedWords, words_of
from filters.ngrams.hashing import PREFIX
from filters.ngrams.index import NgramIndex, build_index
from filters.ngrams.select import Sequences, answer_sequences, choose_n, evidence_only, question_sequences
from schemas.benchmark import BenchmarkItem, IndexedBenchmark, IndexMetadata, IndexSettings
from schemas.fingerprint import canonical_json

NORMALISATION = "words by Unicode's boundaries (UAX 29), NFKD, casefolded, of letters, digits and marks only; version 2"
"""How words are compared; an index built otherwise is refused."""

Key = tuple[str, str, str, str]
"""Suite, subtask, split and revision."""


@dataclass(frozen=True)
class BenchmarkIndex:
    """An index with what its numbers stand for."""

    metadata: IndexMetadata
    ngrams: NgramIndex
    item_ids: pa.LargeStringArray
    prompts: pa.LargeStringArray
    """The question of each item, with its choices."""
    answers: pa.LargeStringArray
    """Its answers, a line each."""

    def benchmark_of(self, item: int) -> IndexedBenchmark:
        """The benchmark of an item."""
        return self.metadata.benchmarks[self.ngrams.item_benchmarks[item]]


@dataclass(frozen=True)
class _Lexed:
    """The words of all questions and answers, and the sequences that stand for them."""

    n: np.ndarray
    """int64[items]."""
    questions: HashedWords
    answers: HashedWords
    answer_items: np.ndarray
    """int64[answers]: the item of each answer."""


def index_items(
    items: Sequence[BenchmarkItem], settings: IndexSettings, files: Mapping[Key, Sequence[str]]
) -> BenchmarkIndex:
    """The index of some items in any order; ``files`` are those that each benchmark was read from.

    The metadata's fingerprint is left empty: it is that of the file. Memory: about 150 bytes a word of the items.
    """
    items = sorted(items, key=lambda item: (*_key(item), item.item_id, item.prompt, item.answers))
    groups = [(key, list(group)) for key, group in groupby(items, _key)]
    item_benchmarks = np.repeat(np.arange(len(groups)), [len(group) for _, group in groups])
    lexed = _lex(items, item_benchmarks, len(groups), settings)
    words, sequences, sequence_items = _sequences(lexed)
    ngrams = build_index(words, sequences, sequence_items, item_benchmarks)
    held = np.bincount(ngrams.benchmark_ngrams()[1], minlength=len(groups))
    benchmarks = []
    for number, (key, group) in enumerate(groups):
        about = _describe(key, group, lexed, np.flatnonzero(item_benchmarks == number))
        benchmarks.append(about.model_copy(update={"ngrams": int(held[number]), "files": tuple(sorted(files[key]))}))
    metadata = IndexMetadata(
        settings=settings,
        normalisation=NORMALISATION,
        benchmarks=tuple(benchmarks),
        ngrams=ngrams.ngrams,
        fingerprint="",
    )
    return BenchmarkIndex(
        metadata,
        ngrams,
        pa.array([item.item_id for item in items], pa.large_string()),
        pa.array([item.prompt for item in items], pa.large_string()),
        pa.array(["\n".join(item.answers) for item in items], pa.large_string()),
    )


def words_of_texts(texts: Sequence[str]) -> HashedWords:
    """The words of texts that are not in a column."""
    return words_of(pa.array(texts, pa.large_string()))


def _key(item: BenchmarkItem) -> Key:
    return item.suite, item.subtask, item.split, item.revision


def _lex(items: Sequence[BenchmarkItem], item_benchmarks: np.ndarray, count: int, settings: IndexSettings) -> _Lexed:
    questions = words_of_texts([item.prompt for item in items])
    lengths = np.diff(questions.offsets)
    n = np.array([choose_n(lengths[(item_benchmarks == each) & (lengths > 0)], settings) for each in range(count)])
    return _Lexed(
        n=n.astype(np.int64)[item_benchmarks],
        questions=questions,
        answers=words_of_texts([answer for item in items for answer in item.answers]),
        answer_items=np.repeat(np.arange(len(items)), [len(item.answers) for item in items]),
    )


def _sequences(lexed: _Lexed) -> tuple[np.ndarray, Sequences, np.ndarray]:
    """All words (uint64), the sequences over them, and the item of each (int64)."""
    of_questions = question_sequences(lexed.questions.offsets, lexed.n)
    of_answers = answer_sequences(lexed.answers.offsets, lexed.n[lexed.answer_items])
    words = np.concatenate((lexed.questions.hash, lexed.answers.hash))
    items = np.concatenate((of_questions.text, lexed.answer_items[of_answers.text]))
    start = np.concatenate((of_questions.start, of_answers.start + len(lexed.questions.hash)))
    length = np.concatenate((of_questions.length, of_answers.length))
    sequences = Sequences(items, start, length)
    kept = evidence_only(sequences, items, words)
    return words, Sequences(items[kept], start[kept], length[kept]), items[kept]


def _describe(key: Key, items: Sequence[BenchmarkItem], lexed: _Lexed, numbers: np.ndarray) -> IndexedBenchmark:
    """What is known of a benchmark but its files and n-grams; ``numbers`` are those of its items."""
    suite, subtask, split, revision = key
    n = int(lexed.n[numbers[0]])
    lengths = np.diff(lexed.questions.offsets)[numbers]
    answer_lengths = np.diff(lexed.answers.offsets)[np.isin(lexed.answer_items, numbers)]
    held = {
        "question": True,
        "choices": any(item.choices for item in items),
        "answers": bool((answer_lengths >= n).any()),
    }
    return IndexedBenchmark(
        suite=suite,
        subtask=subtask,
        split=split,
        revision=revision or _digest(items),
        fields=tuple(field for field, is_held in held.items() if is_held),
        files=(),
        n=n,
        items=len(items),
        ngrams=0,
        short_items=int(((lengths >= PREFIX) & (lengths < n)).sum()),
        exact_items=int(((lengths >= 1) & (lengths < PREFIX)).sum()),
        empty_items=int((lengths == 0).sum()),
        answers=int((answer_lengths >= n).sum()),
        short_answers=int((answer_lengths < n).sum()),
    )


def _digest(items: Sequence[BenchmarkItem]) -> str:
    """``xxh3:`` and 16 hex over sorted items."""
    content: list[JsonValue] = [[item.item_id, item.question, list(item.choices), list(item.answers)] for item in items]
    return f"xxh3:{xxhash.xxh3_64_hexdigest(canonical_json(content).encode())}"
