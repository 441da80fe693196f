"""Deduplication with the library rensa, the way its users write it; run by `benchmarks.dedup` in rensa's environment.

    python dedup_rensa.py FILES OUT NGRAM BANDS ROWS

``FILES`` lists Parquet files of documents, one path a line. Words are runs of letters and digits in lower case. Who
shares a band with an earlier document joins its cluster, of which the first is kept. The folder ``OUT`` gets ``kept/``
and ``found.npz`` with ``cluster`` (the first document of each one's cluster) and ``pairs`` (those that were joined).
"""

import re
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rensa import RMinHash, RMinHashLSH

WORD = re.compile(r"\w+")


def shingles(text: str, ngram: int) -> list[str]:
    words = WORD.findall(text.lower())
    return [" ".join(words[start : start + ngram]) for start in range(max(1, len(words) - ngram + 1))]


def find(parents: list[int], document: int) -> int:
    while parents[document] != document:
        parents[document] = parents[parents[document]]
        document = parents[document]
    return document


def main() -> None:
    files, out = Path(sys.argv[1]).read_text().splitlines(), Path(sys.argv[2])
    ngram, bands, rows = map(int, sys.argv[3:])
    index = RMinHashLSH(0.0, bands * rows, bands)
    parents: list[int] = []
    pairs: list[tuple[int, int]] = []
    for file in files:
        for batch in pq.ParquetFile(file).iter_batches(columns=["text"]):
            for text in batch.column("text").to_pylist():
                document = len(parents)
                parents.append(document)
                signature = RMinHash(bands * rows, 1)
                signature.update(shingles(text, ngram))
                roots = {}
                for other in index.query(signature):
                    roots.setdefault(find(parents, other), other)
                for root, other in roots.items():
                    mine = find(parents, document)
                    parents[max(mine, root)] = min(mine, root)
                    pairs.append((other, document))
                index.insert(document, signature)
    cluster = np.array([find(parents, document) for document in range(len(parents))])
    write_kept(files, out, cluster == np.arange(len(cluster)))
    np.savez(out / "found.npz", cluster=cluster, pairs=np.array(pairs, np.int64).reshape(-1, 2))


def write_kept(files: list[str], out: Path, kept: np.ndarray) -> None:
    (out / "kept").mkdir(parents=True)
    start = 0
    for file in files:
        documents = pq.read_table(file)
        chosen = documents.filter(pa.array(kept[start : start + documents.num_rows]))
        pq.write_table(chosen, out / "kept" / Path(file).name, compression="zstd")
        start += documents.num_rows


if __name__ == "__main__":
    main()
