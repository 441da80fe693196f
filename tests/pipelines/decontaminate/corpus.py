"""A small corpus with items of two made-up benchmarks in known places."""

import random
from pathlib import Path

from tests.pipelines.dedup.corpus import document, sentence_words
from tests.support.benchmarks import write_rows

QUESTIONS = [
    f"When {name} had {number} pears and gave {number - 3} of them to her sister, how many were left for the pie?"
    for number, name in enumerate(("Ada", "Bea", "Cleo", "Dora", "Edda", "Fay", "Gwen", "Hal", "Ida", "Joan"), 7)
]  # fmt: skip
RIDDLES = [
    "Which river runs under the old stone bridge at the end of the town and never sleeps at night?",
    "What grows taller every winter, weeps in the spring and is gone before the summer has come?",
    "?",
    "Who are you?",
]
COMMON = "the opinions of the author are his own and no advice at all"
NOTICE = f"Is it true that {COMMON} for anybody who reads this page?"
"""An item of which many documents hold a phrase."""


def write_benchmarks(folder: Path) -> list[Path]:
    """The files of the benchmarks ``pears`` and ``riddles``; both ask ``NOTICE``."""
    asked = {"pears": [*QUESTIONS, NOTICE], "riddles": [*RIDDLES, NOTICE]}
    return [
        write_rows(folder / f"{name}.jsonl", [{"id": f"q{i}", "question": text} for i, text in enumerate(questions)])
        for name, questions in asked.items()
    ]


def corpus(documents: int = 90, seed: int = 1) -> list[dict[str, object]]:
    """Documents in an order of their own, of which every third holds something of a benchmark.

    By the number of a document: 0 of 9 holds a question, in other dress; 3 part of one, and in every second case a
    riddle at its end; 6 the common phrase.
    """
    source = random.Random(seed)
    rows = []
    for number in range(documents):
        words = [*sentence_words(source, 60), "\n\n", *sentence_words(source, 60)]
        question = QUESTIONS[number % 4]
        if number % 9 == 0:
            words[60] = f"\n{question.upper()}\n"
        elif number % 9 == 3:
            words[20] = " ".join(question.split()[:15])
            words += ["\n", RIDDLES[0]] if number % 2 else []
        elif number % 9 == 6:
            words += ["\n", COMMON]
        rows.append(document(f"http://site.test/{number}", words, number))
    rows.append(document("http://site.test/short", [QUESTIONS[9]], 1))
    rows.append(document("http://site.test/who", ["Who are you!"], 1))
    source.shuffle(rows)
    return rows
