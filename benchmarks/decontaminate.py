"""Decontamination of real texts: size and speed of the index, recall of planted items, what is flagged wrongly.

    orchard run recipes/fineweb.yaml --input '../shared/data/web/*.warc.gz' --out out/pages
    python -m benchmarks.decontaminate 'out/pages/kept/*.parquet' 'out/pages/dropped/*.parquet' [--items 50]

Needs the optional data folder (environment variable ORCHARD_SHARED, else ../shared). The look-alikes are GSM8K's own
training items: other problems in the same manner, which a training corpus may hold.
"""

import argparse
import os
import time
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa

from filters.lexing.hashed_words import words_of
from filters.ngrams.benchmarks import BenchmarkIndex, words_of_texts
from filters.ngrams.index_file import load_index
from filters.ngrams.match import find_hits
from filters.ngrams.show import document_passage
from pipelines.decontaminate.build import BenchmarkSource, build_index_file, read_benchmarks
from pipelines.decontaminate.documents import read_documents
from pipelines.decontaminate.plant import EDITS
from pipelines.decontaminate.self_test import self_test
from schemas.benchmark import IndexSettings

LOOKALIKES = "gsm8k_train"
BATCH_BYTES = 4_000_000
REPEATS = 5


def quiet(message: str) -> None:
    """Report nothing."""


def batches(texts: list[str]) -> list[pa.LargeStringArray]:
    """Texts in batches of about as many bytes as a stage takes at once."""
    found, start, size = [], 0, 0
    for end, text in enumerate(texts, 1):
        size += len(text.encode())
        if size >= BATCH_BYTES or end == len(texts):
            found.append(pa.array(texts[start:end], pa.large_string()))
            start, size = end, 0
    return found


def speed(index: BenchmarkIndex, texts: list[str]) -> None:
    """Best of some rounds over all batches, CPU time of this process, with and without reading words."""
    megabytes = sum(len(text.encode()) for text in texts) / 1e6
    reading, matching = [], []
    for _ in range(REPEATS):
        reading.append(0.0)
        matching.append(0.0)
        for batch in batches(texts):
            started = time.process_time()
            words = words_of(batch)
            read = time.process_time()
            find_hits(words, index.ngrams)
            matching[-1] += time.process_time() - read
            reading[-1] += read - started
    both = min(map(sum, zip(reading, matching, strict=True)))
    print(
        f"  {megabytes:.1f} MB of text: {megabytes / both:.1f} MB/s a core with reading words, "
        f"{megabytes / min(matching):.0f} MB/s without"
    )


def flagged(index: BenchmarkIndex, texts: list[str], title: str, examples: int) -> None:
    """How many documents hold an n-gram, by n and benchmark, before any n-gram is exempt."""
    documents: set[int] = set()
    by_n, by_benchmark, shown = Counter(), Counter(), {}
    for row, text in enumerate(texts):
        hits = find_hits(words_of_texts([text]), index.ngrams)
        if not len(hits):
            continue
        documents.add(row)
        by_n.update(set(index.ngrams.lengths[hits.ngram].tolist()))
        items = np.concatenate([index.ngrams.items_of(ngram) for ngram in hits.ngram])
        by_benchmark.update(names := {index.benchmark_of(item).name for item in items})
        shown[row] = f"{'+'.join(sorted(names))}: " + document_passage(
            index, text, (int(hits.word[0]), int(hits.ngram[0])), context=30
        )
    print(f"  {title}: {len(documents)} of {len(texts)} flagged ({len(documents) / len(texts):.2%})")
    print(f"    by n: {dict(sorted(by_n.items()))}; by benchmark: {dict(by_benchmark.most_common(6))}")
    for row in list(shown)[:: max(1, len(shown) // max(1, examples))][:examples]:
        print(f"    {shown[row]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="+", help="Parquet files of real texts")
    parser.add_argument("--items", type=int, default=50, help="most items of a benchmark to plant")
    parser.add_argument("--shortest", type=int, nargs="+", default=[4, 6, 8], help="smallest n-grams to compare")
    parser.add_argument("--examples", type=int, default=8, help="flagged passages to show of each kind")
    arguments = parser.parse_args()
    folder = Path(os.environ.get("ORCHARD_SHARED", Path(__file__).parents[2] / "shared")) / "data" / "decontam"
    sets = sorted(str(path) for path in folder.glob("*.jsonl.gz") if LOOKALIKES not in path.name)
    items, _ = read_benchmarks(BenchmarkSource([str(folder / f"{LOOKALIKES}.jsonl.gz")]), quiet)
    lookalikes = [f"{item.prompt}\n{item.answers[0]}" for item in items]
    texts = list(read_documents(arguments.documents))
    with TemporaryDirectory() as temporary:
        for shortest in arguments.shortest:
            path = Path(temporary, f"{shortest}.index")
            started = time.process_time()
            build_index_file(BenchmarkSource(sets), path, IndexSettings(shortest=shortest), quiet)
            spent = time.process_time() - started
            index = load_index(path)
            print(
                f"\nn from {shortest}: {len(sets)} sets, {len(index.metadata.benchmarks)} benchmarks, "
                f"{index.ngrams.ngrams:,} n-grams, {path.stat().st_size / 1e6:.0f} MB, built in {spent:.1f} CPU s"
            )
            speed(index, texts)
            flagged(index, texts, "web pages", arguments.examples)
            flagged(index, lookalikes, "look-alikes (GSM8K train)", arguments.examples)
            result = self_test(index, arguments.documents, arguments.items, 0, quiet)
            recall = ", ".join(f"{edit} {result.total(edit).share:.3f}" for edit in EDITS)
            print(f"  recall of {result.total('verbatim').planted:,} planted items: {recall}")


if __name__ == "__main__":
    main()
