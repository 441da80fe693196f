"""Small corpora with lines and passages that several documents have, in any place and any dress."""

import random
from collections.abc import Iterator
from itertools import count

from tests.pipelines.dedup.corpus import document

HOT_LINE = "All rights of this site are reserved"
"""Stands in every document."""
K = 12
"""Words of the shortest passage that is cut in these tests."""


def fresh_words(numbers: Iterator[int], length: int) -> list[str]:
    """Words that stand nowhere else."""
    return [f"w{next(numbers)}" for _ in range(length)]


def dressed(words: list[str], source: random.Random) -> list[str]:
    """The same words in another dress: case and punctuation."""
    dress = source.choice([str, str.upper, lambda word: f"{word},", lambda word: f"«{word}»"])
    return [dress(word) for word in words]


def repeats_corpus(documents: int = 40, seed: int = 1, collections: int = 1) -> list[dict[str, object]]:
    """Documents with lines of their own, lines from a small pool, and passages from another inside longer lines."""
    source, numbers = random.Random(seed), count()
    lines = [" ".join(fresh_words(numbers, source.randint(3, 9))) for _ in range(12)]
    passages = [fresh_words(numbers, source.randint(K - 2, 4 * K)) for _ in range(8)]
    rows = []
    for number in range(documents):
        parts = [HOT_LINE]
        for _ in range(source.randint(2, 8)):
            kind = source.random()
            if kind < 0.3:
                line = source.choice(lines)
                parts.append(source.choice([line, line.title(), f"  {line}\t"]))
            elif kind < 0.6:
                own = [fresh_words(numbers, source.randint(0, 6)) for _ in range(2)]
                parts.append(" ".join([*own[0], *dressed(source.choice(passages), source), *own[1]]))
            else:
                parts.append(" ".join(fresh_words(numbers, source.randint(4, 30))))
        text = source.choice(["\n", "\n\n"]).join(parts)
        row = document(f"http://site{number}.test/", [], source.randint(0, 9), f"crawl-{number % collections}")
        rows.append(row | {"text": text})
    return rows
