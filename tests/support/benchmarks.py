"""Benchmarks of made-up items, as indexes and as files."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from filters.ngrams.benchmarks import BenchmarkIndex, index_items
from schemas.benchmark import BenchmarkItem, IndexSettings


def index_of(questions: Sequence[str], answers: Sequence[str] = (), **settings: int) -> BenchmarkIndex:
    """The index of one benchmark; the first questions have the answers."""
    items = [
        BenchmarkItem(suite="made-up", item_id=f"{number:04}", question=question, answers=tuple(answers[number:][:1]))
        for number, question in enumerate(questions)
    ]
    return index_items(items, IndexSettings(**settings), defaultdict(tuple))


def write_rows(path: Path, rows: Sequence[Mapping[str, object]]) -> Path:
    """A JSONL file."""
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path
