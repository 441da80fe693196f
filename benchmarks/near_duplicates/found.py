"""What each program found, in one form: the documents that it dropped, their clusters, the pairs that it joined."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from filters.minhash.bands import band_hashes
from pipelines.dedup.signatures import signature_values

COLUMNS = ["doc_id", "uri", "provenance", "text"]
Place = tuple[str, int]
"""A file, without folders, and an offset in it."""
PARTNER = "duplicate of "
"""What stands before the other document of a pair in a verdict's detail."""


@dataclass(frozen=True)
class Found:
    """Documents are named by their position in the corpus.

    ``dropped`` is bool[documents]; ``cluster`` int64[documents], equal within a cluster, a number of its own for who is
    in none; ``pairs`` int64[pairs, 2] are those that the program took for duplicates.
    """

    dropped: np.ndarray
    cluster: np.ndarray
    pairs: np.ndarray


@dataclass(frozen=True)
class Documents:
    """The documents of some files, in the order of the files and their rows, with `COLUMNS`.

    What was captured twice has one ``doc_id`` and so one text; its place, file and offset, tells captures apart.
    """

    files: list[str]
    table: pa.Table

    def __len__(self) -> int:
        return self.table.num_rows

    @cached_property
    def by_id(self) -> dict[str, int]:
        """The first position of each ``doc_id``."""
        found: dict[str, int] = {}
        for position, doc_id in enumerate(self.table["doc_id"].to_pylist()):
            found.setdefault(doc_id, position)
        return found

    @cached_property
    def first(self) -> np.ndarray:
        """int64[documents]: the first position of each one's ``doc_id``."""
        return np.array([self.by_id[doc_id] for doc_id in self.table["doc_id"].to_pylist()], np.int64)

    @cached_property
    def by_place(self) -> dict[Place, int]:
        """Positions by place."""
        return {place(item): position for position, item in enumerate(self.table["provenance"].to_pylist())}

    @cached_property
    def starts(self) -> np.ndarray:
        """int64[files + 1]: the first document of each file."""
        return np.cumsum([0, *(pq.read_metadata(file).num_rows for file in self.files)])


def read_documents(files: list[str]) -> Documents:
    """The documents of some files."""
    return Documents(files, pa.concat_tables([pq.read_table(file, columns=COLUMNS) for file in files]).combine_chunks())


def place(provenance: dict[str, Any]) -> Place:
    """Where a document was captured."""
    return provenance["container"].rpartition("/")[2], provenance["offset"]


def read_orchard(run: Path, documents: Documents) -> Found:
    """The outcome of ``orchard deduplicate``."""
    dropped, cluster = np.zeros(len(documents), bool), documents.first.copy()
    pairs = []
    for file in sorted((run / "dropped").glob("*.parquet")):
        for row in pq.read_table(file, columns=["provenance", "survivor_id", "verdict"]).to_pylist():
            document = documents.by_place[place(row["provenance"])]
            dropped[document] = True
            cluster[document] = documents.by_id[row["survivor_id"]]
            pairs.append((document, documents.by_id[row["verdict"]["detail"].removeprefix(PARTNER)]))
    return Found(dropped, cluster, np.array(pairs, np.int64).reshape(-1, 2))


def read_bands(run: Path, documents: Documents, bands: int, rows: int) -> np.ndarray:
    """uint64[documents, bands] from the signatures that ``orchard deduplicate`` has made; 0 for no shingles."""
    hashes = np.zeros((len(documents), bands), np.uint64)
    for file in sorted((run / "stages" / "signatures").glob("*.parquet")):
        table = pq.read_table(file, columns=["doc_id", "scope", "signature"])
        for batch in table.filter(table["signature"].is_valid()).combine_chunks().to_batches():
            here = [documents.by_id[doc_id] for doc_id in batch.column("doc_id").to_pylist()]
            scope = batch.column("scope").to_numpy()
            hashes[here] = band_hashes(signature_values(batch.column("signature")), scope, bands, rows)
    return hashes[documents.first]


def read_datatrove(run: Path, documents: Documents) -> Found:
    """The outcome of `benchmarks.dedup_datatrove`, which numbers files, and documents in each."""
    starts = documents.starts
    dropped, cluster = np.zeros(starts[-1], bool), np.arange(starts[-1])
    for shard in range(len(starts) - 1):
        removed = _integers(run / "remove" / f"{shard:06d}.remove", 1)
        dropped[starts[shard] + removed[:, 0]] = True
        members = _integers(run / "remove" / f"{shard:06d}.clusters", 2)
        cluster[starts[shard] + members[:, 0]] = len(cluster) + members[:, 1]
    parts = [_integers(file, 4) for file in sorted((run / "buckets").glob("*.dups"))]
    joined = np.concatenate([np.zeros((0, 4), np.int64), *parts])
    pairs = np.column_stack([starts[joined[:, 0]] + joined[:, 1], starts[joined[:, 2]] + joined[:, 3]])
    return Found(dropped, cluster, pairs)


def _integers(file: Path, columns: int) -> np.ndarray:
    """int64[rows, columns] of a file of little-endian uint32; none if there is no file."""
    data = np.fromfile(file, "<u4") if file.exists() else np.zeros(0, "<u4")
    return data.astype(np.int64).reshape(-1, columns)


def read_rensa(run: Path, documents: Documents) -> Found:
    """The outcome of `benchmarks.dedup_rensa`."""
    saved = np.load(run / "found.npz")
    return Found(saved["cluster"] != np.arange(len(documents)), saved["cluster"], saved["pairs"])
