"""Encode the same texts with sentencepiece, tokenizers and Orchard: ids compared, throughput, peak memory.

    orchard tokenizer train -i 'corpus/*.parquet' --preset afm-device -o device
    python -m benchmarks.tokenize speed --tokenizer device --english 'docs/kept/*.parquet' \
        --code '../shared/data/code/*__*.jsonl.gz' --cjk 'web/kept/*.parquet'
    python -m benchmarks.tokenize identity --tokenizer device 'docs/kept/*.parquet' --megabytes 100

`speed`: each measurement has a process of its own. The texts of a kind are halved by document; what is timed is the
second half, in batches of 4 MB: wall time, and processor time, which a busy machine changes less. Orchard is timed
twice: with nothing known (cold), and after the first half (warm), as in the middle of a corpus. The libraries get lists
of str and are not charged for handing out their ids. Besides the SentencePiece model and its tokenizer.json, a
byte-level tokenizer that splits as GPT-2 is trained on a quarter of the texts.

`identity`: the ids of the two libraries for the two files, and those of Orchard for each, compared text by text; ends
with 1 if any differ. A byte-level tokenizer is trained and compared, too.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from glob import glob
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import sentencepiece
import tokenizers
import xxhash
from tokenizers import models, pre_tokenizers, trainers

from pipelines.tokenize.open import open_tokenizer

BATCH_BYTES = 4_000_000
CJK_SHARE = 0.3
BYTE_LEVEL = "byte-level.json"


@dataclass(frozen=True)
class Measurement:
    """One engine on the texts of one kind with some threads."""

    model: str
    engine: str
    threads: int
    megabytes_per_second: float
    megabytes_per_cpu_second: float
    peak_megabytes: float
    ids: str
    """Digest of all ids."""


def parquet_texts(pattern: str, most: int, is_wanted: Callable[[str], bool]) -> list[str]:
    """Texts of documents, ``most`` bytes of them."""
    texts: list[str] = []
    for path in sorted(glob(pattern)):  # noqa: PTH207 (an absolute pattern)
        for text in pq.read_table(path, columns=["text"])["text"].to_pylist():
            if most > 0 and is_wanted(text):
                texts.append(text)
                most -= len(text.encode())
    return texts


def code_texts(pattern: str, most: int) -> list[str]:
    """Contents of source files."""
    texts: list[str] = []
    for path in sorted(glob(pattern)):  # noqa: PTH207 (an absolute pattern)
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for row in map(json.loads, file):
                if most > 0 and isinstance(row.get("content"), str):
                    texts.append(row["content"])
                    most -= len(row["content"].encode())
    return texts


def is_cjk(text: str) -> bool:
    """Whether many characters are Chinese or Japanese."""
    return sum("\u3041" <= c <= "\u9fff" for c in text[:2000]) > CJK_SHARE * min(len(text), 2000)


def is_english(text: str) -> bool:
    """Whether nearly all characters are ASCII."""
    return sum(map(str.isascii, text[:2000])) > 0.98 * min(len(text), 2000)


def batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Lists of about ``BATCH_BYTES``."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def digest(ids: Sequence[Sequence[int]] | Sequence[np.ndarray]) -> str:
    """One digest for the ids of all texts, with where each ends."""
    found = xxhash.xxh3_64()
    for each in ids:
        values = np.asarray(each, np.uint32)
        found.update(len(values).to_bytes(8, "little") + values.tobytes())
    return found.hexdigest()


def encode_reference(model: str, threads: int) -> Callable[[list[str]], Sequence[Sequence[int]]]:
    """What the library of a model does."""
    if model.endswith(".model"):
        processor = sentencepiece.SentencePieceProcessor(model_file=model)
        return lambda texts: processor.encode(texts, out_type=int, num_threads=threads)
    tokenizer = tokenizers.Tokenizer.from_file(model)
    return lambda texts: tokenizer.encode_batch_fast(texts, add_special_tokens=False)


class Clock:
    """Adds up wall time and the processor time of all threads of this process."""

    def __init__(self) -> None:
        self.seconds = self.cpu_seconds = 0.0

    def __enter__(self) -> None:
        self._started, self._cpu_started = time.perf_counter(), time.process_time()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._started
        self.cpu_seconds += time.process_time() - self._cpu_started


def measure_reference(model: str, threads: int, texts: list[str]) -> tuple[Clock, str]:
    """Time and digest."""
    encode = encode_reference(model, threads)
    encode(["the first call"])
    clock, ids = Clock(), []
    for batch in batches(texts):
        with clock:
            found = encode(batch)
        ids += [getattr(each, "ids", each) for each in found]
    return clock, digest(ids)


def measure_ours(model: str, threads: int, texts: list[str], before: list[str]) -> tuple[Clock, str]:
    """Time and digest; each thread has a tokenizer of its own, which has seen its part of ``before``."""
    open_tokenizer(model).encode(pa.array(["compile the kernels"], pa.large_string()))
    encoders = [open_tokenizer(model) for _ in range(threads)]
    for number, encoder in enumerate(encoders):
        for batch in batches(before[number::threads]):
            encoder.encode(pa.array(batch, pa.large_string()))
    clock, ids = Clock(), []
    with ThreadPoolExecutor(threads) as pool:
        for batch in batches(texts):
            whole = pa.array(batch, pa.large_string())
            edges = np.linspace(0, len(batch), threads + 1).astype(int).tolist()
            parts = [whole.slice(start, end - start) for start, end in pairwise(edges)]
            with clock:
                found = list(pool.map(lambda pair: pair[0].encode(pair[1]), zip(encoders, parts, strict=True)))
            for tokens in found:
                ids += np.split(tokens.ids, tokens.offsets[1:-1])
    return clock, digest(ids)


def measure(model: str, engine: str, threads: int, halves: tuple[list[str], list[str]]) -> Measurement:
    """One measurement; runs in a process of its own."""
    before, texts = halves
    if engine == "library":
        clock, ids = measure_reference(model, threads, texts)
    else:
        clock, ids = measure_ours(model, threads, texts, before if engine == "warm" else [])
    size = sum(len(text.encode()) for text in texts) / 1e6
    status = Path("/proc/self/status").read_text(encoding="ascii")  # ru_maxrss would be that of the parent, too
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1e3
    return Measurement(model, engine, threads, size / clock.seconds, size / clock.cpu_seconds, peak, ids)


def measured(model: str, engine: str, threads: int, halves: tuple[list[str], list[str]]) -> Measurement:
    """``measure`` in a new process with so many threads."""
    # Before the process begins, as its libraries read them once.
    os.environ["RAYON_NUM_THREADS"] = str(threads if engine == "library" else 1)
    os.environ["TOKENIZERS_PARALLELISM"] = "true" if engine == "library" and threads > 1 else "false"
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (model, engine, threads, halves))


def train_byte_level(texts: Sequence[str], path: Path, vocab_size: int) -> None:
    """A tokenizer that splits as GPT-2."""
    tokenizer = tokenizers.Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=vocab_size, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(texts, trainer)
    tokenizer.save(str(path))


def print_row(kind: str, found: list[Measurement]) -> None:
    """One line: library, cold, warm."""
    library, *ours = found
    same = "same ids" if len({each.ids for each in found}) == 1 else "OTHER IDS"
    wall, cpu = library.megabytes_per_second, library.megabytes_per_cpu_second
    speeds = "  ".join(
        f"{each.engine} {each.megabytes_per_second:.1f} ({each.megabytes_per_second / wall:.1f}x, by CPU "
        f"{each.megabytes_per_cpu_second / cpu:.1f}x)"
        for each in ours
    )
    peaks = " / ".join(f"{each.peak_megabytes:.0f}" for each in found)
    name = Path(library.model).name
    print(
        f"{kind:8} {name:16} {library.threads} threads: library {wall:.1f} MB/s  {speeds}  {same}; peak MB {peaks}",
        flush=True,
    )


def compare_speed(options: argparse.Namespace) -> None:
    """Measure every kind of text with every model and engine."""
    most = options.megabytes * 10**6
    kinds = {
        "English": parquet_texts(options.english, most, is_english),
        "code": code_texts(options.code, most),
        "zh+ja": parquet_texts(options.cjk, most, is_cjk),
    }
    with TemporaryDirectory() as folder:
        byte_level = Path(folder, BYTE_LEVEL)
        train_byte_level([text for texts in kinds.values() for text in texts[::4]], byte_level, 49_152)
        for kind, texts in kinds.items():
            halves = texts[::2], texts[1::2]
            size = sum(len(text.encode()) for text in halves[1])
            print(f"{kind}: {len(halves[1]):,} texts, {size / 1e6:.1f} MB timed")
            for model in (*trained_files(options.tokenizer), str(byte_level)):
                for threads in (1, 2):
                    engines = ("library", "cold", "warm")
                    print_row(kind, [measured(model, engine, threads, halves) for engine in engines])


def trained_files(folder: str) -> tuple[str, str]:
    """The SentencePiece model and the tokenizer.json of a folder."""
    return str(Path(folder, "tokenizer.model")), str(Path(folder, "tokenizer.json"))


def compare_ids(options: argparse.Namespace) -> bool:
    """Compare the ids of every text; returns whether all are the same."""
    texts = parquet_texts(options.documents, options.megabytes * 10**6, lambda _: True)
    print(f"{len(texts):,} texts, {sum(len(text.encode()) for text in texts) / 1e6:.1f} MB")
    with TemporaryDirectory() as folder:
        byte_level = Path(folder, BYTE_LEVEL)
        train_byte_level(texts[::20], byte_level, 49_152)
        same = compare_models(trained_files(options.tokenizer), texts)
        return compare_models((str(byte_level),), texts) and same


def compare_models(models: Sequence[str], texts: Sequence[str]) -> bool:
    """Whether files of one tokenizer give the same ids for all texts, by their libraries and by Orchard."""
    encoders = {f"library, {Path(model).name}": encode_reference(model, 1) for model in models}
    cached = {f"Orchard, {Path(model).name}": open_tokenizer(model) for model in models}
    wrong, tokens = Counter[str](), 0
    for batch in batches(texts):
        found = {name: [getattr(each, "ids", each) for each in encode(batch)] for name, encode in encoders.items()}
        for name, tokenizer in cached.items():
            encoded = tokenizer.encode(pa.array(batch, pa.large_string()))
            found[name] = [part.tolist() for part in np.split(encoded.ids, encoded.offsets[1:-1])]
        first, *others = found.values()
        tokens += sum(map(len, first))
        for name, other in zip(list(found)[1:], others, strict=True):
            wrong[name] += sum(a != b for a, b in zip(first, other, strict=True))
    for name in wrong:
        print(f"{name}: {wrong[name]:,} of {len(texts):,} texts have other ids than {next(iter(encoders))}")
    print(f"{tokens:,} tokens")
    return not wrong.total()


def main() -> None:
    """Measure or compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    speed, identity = commands.add_parser("speed"), commands.add_parser("identity")
    for name in ("english", "code", "cjk"):
        speed.add_argument(f"--{name}", required=True)
    identity.add_argument("documents", help="a pattern of Parquet files with a column text")
    for command, megabytes in ((speed, 24), (identity, 100)):
        command.add_argument("--tokenizer", required=True, help="folder of orchard tokenizer train")
        command.add_argument("--megabytes", type=int, default=megabytes, help="most text (of a kind)")
    options = parser.parse_args()
    if options.command == "speed":
        compare_speed(options)
    elif not compare_ids(options):
        sys.exit(1)


if __name__ == "__main__":
    main()
