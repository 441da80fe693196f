"""Encode the same texts with sentencepiece, tokenizers and Orchard: ids compared, throughput, peak memory.

    orchard tokenizer train -i 'corpus/*.parquet' --preset afm-device -o device
    python -m benchmarks.tokenize --tokenizer device --english 'docs/kept/*.parquet' --code '../shared/data/code/*.gz' \
        --cjk 'web/kept/*.parquet'

Each measurement has a process of its own. The texts of a kind are halved by document; what is timed is the second half,
in batches of 4 MB, as wall time. Orchard is timed twice: with nothing known (cold), and after the first half (warm), as
in the middle of a corpus. The libraries get lists of str and are not charged for handing out their ids. Besides the
SentencePiece model and its tokenizer.json, a byte-level tokenizer that splits as GPT-2 is trained on the first halves.
"""

import argparse
import gzip
import json
import multiprocessing
import os
import time
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


def measure_reference(model: str, threads: int, texts: list[str]) -> tuple[float, str]:
    """Seconds and digest."""
    encode = encode_reference(model, threads)
    encode(["the first call"])
    seconds, ids = 0.0, []
    for batch in batches(texts):
        started = time.perf_counter()
        found = encode(batch)
        seconds += time.perf_counter() - started
        ids += [getattr(each, "ids", each) for each in found]
    return seconds, digest(ids)


def measure_ours(model: str, threads: int, texts: list[str], before: list[str]) -> tuple[float, str]:
    """Seconds and digest; each thread has a tokenizer of its own, which has seen its part of ``before``."""
    open_tokenizer(model).encode(pa.array(["compile the kernels"], pa.large_string()))
    encoders = [open_tokenizer(model) for _ in range(threads)]
    for number, encoder in enumerate(encoders):
        for batch in batches(before[number::threads]):
            encoder.encode(pa.array(batch, pa.large_string()))
    seconds, ids = 0.0, []
    with ThreadPoolExecutor(threads) as pool:
        for batch in batches(texts):
            whole = pa.array(batch, pa.large_string())
            edges = np.linspace(0, len(batch), threads + 1).astype(int).tolist()
            parts = [whole.slice(start, end - start) for start, end in pairwise(edges)]
            started = time.perf_counter()
            found = list(pool.map(lambda pair: pair[0].encode(pair[1]), zip(encoders, parts, strict=True)))
            seconds += time.perf_counter() - started
            for tokens in found:
                ids += np.split(tokens.ids, tokens.offsets[1:-1])
    return seconds, digest(ids)


def measure(model: str, engine: str, threads: int, halves: tuple[list[str], list[str]]) -> Measurement:
    """One measurement; runs in a process of its own."""
    before, texts = halves
    if engine == "library":
        seconds, ids = measure_reference(model, threads, texts)
    else:
        seconds, ids = measure_ours(model, threads, texts, before if engine == "warm" else [])
    size = sum(len(text.encode()) for text in texts)
    status = Path("/proc/self/status").read_text(encoding="ascii")  # ru_maxrss would be that of the parent, too
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1e3
    return Measurement(model, engine, threads, size / seconds / 1e6, peak, ids)


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
    base = library.megabytes_per_second
    speeds = "  ".join(
        f"{each.engine} {each.megabytes_per_second:6.1f} ({each.megabytes_per_second / base:4.1f}x)" for each in ours
    )
    peaks = " / ".join(f"{each.peak_megabytes:.0f}" for each in found)
    name = Path(library.model).name
    print(
        f"{kind:8} {name:16} {library.threads} threads: library {library.megabytes_per_second:5.1f} MB/s  {speeds}  "
        f"{same}; peak MB {peaks}",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("tokenizer", "english", "code", "cjk"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--megabytes", type=int, default=24, help="most text of a kind")
    options = parser.parse_args()
    most = options.megabytes * 10**6
    kinds = {
        "English": parquet_texts(options.english, most, is_english),
        "code": code_texts(options.code, most),
        "zh+ja": parquet_texts(options.cjk, most, is_cjk),
    }
    with TemporaryDirectory() as folder:
        byte_level = Path(folder, BYTE_LEVEL)
        train_byte_level([text for texts in kinds.values() for text in texts[::4]], byte_level, 49_152)
        models = [*(str(Path(options.tokenizer, f"tokenizer.{kind}")) for kind in ("model", "json")), str(byte_level)]
        for kind, texts in kinds.items():
            halves = texts[::2], texts[1::2]
            size = sum(len(text.encode()) for text in halves[1])
            print(f"{kind}: {len(halves[1]):,} texts, {size / 1e6:.1f} MB timed")
            for model in models:
                for threads in (1, 2):
                    engines = ("library", "cold", "warm")
                    print_row(kind, [measured(model, engine, threads, halves) for engine in engines])


if __name__ == "__main__":
    main()
