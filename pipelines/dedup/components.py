"""Clusters of documents out of the edges between them, written shard by shard."""

# pyright: reportAttributeAccessIssue=false

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from filters.clusters.nodes import ROW_BITS, Nodes, dense_numbers, shard_offsets
from filters.clusters.pairs import Integers, Pairs
from filters.clusters.union_find import Numbers, UnionFind
from pipelines.dedup.edge_files import count_edges, read_edges
from pipelines.dedup.star_rounds import StarRounds
from pipelines.engine.outputs.files import atomic_output
from schemas.manifest import OutputFile

UNION_FIND_NODES = 500_000_000
"""Documents up to which all of them are held in memory: 2.1 GB."""
STAR_ROUNDS_MEMORY = 1 << 30
"""Bytes for star rounds, if there are more documents."""

SCHEMA = pa.schema(
    [
        pa.field("row", pa.uint32(), nullable=False, metadata={"description": "of the document in its shard"}),
        pa.field(
            "component",
            pa.uint64(),
            nullable=False,
            metadata={"description": "the smallest node (shard << 32 | row) of its cluster"},
        ),
    ]
)


@dataclass(frozen=True)
class ComponentCounts:
    """What was joined."""

    edges: int
    """As read, duplicates included."""
    members: int
    """Documents in components of two or more."""
    components: int
    """Components of two or more."""
    method: Literal["union-find", "star rounds"]
    rounds: int
    """Of star rounds; 0 for union-find."""
    files: tuple[OutputFile, ...]
    """What was written, by the URIs given."""


def write_components(
    edges: Sequence[str],
    rows_per_shard: npt.ArrayLike,
    outputs: Sequence[str],
    *,
    spill: Path,
    union_find_nodes: int = UNION_FIND_NODES,
    memory_bytes: int = STAR_ROUNDS_MEMORY,
) -> ComponentCounts:
    """Join documents that edges connect, and write each shard's members of components of two or more.

    ``edges`` are URIs of Parquet (``.parquet``) or Arrow IPC files with columns ``first`` and ``second`` (uint64 nodes,
    ``shard << 32 | row``), in any order and direction. ``rows_per_shard`` (int64[shards]) counts each shard's
    documents. ``outputs`` are a URI for each shard: a Parquet file with `SCHEMA`, rows rising, empty if the shard has
    no duplicates. The outcome depends on the edges alone, not on their order, their files or the method.

    Memory: with up to ``union_find_nodes`` documents 4.1 bytes a document and a batch of edges (50 MB); beyond, star
    rounds in ``memory_bytes`` (see `StarRounds`) that spill to ``spill``, a folder on a local disk. Either way 72 bytes
    for each document of one shard while its file is written.

    Raises EdgeFileError, UnknownNodeError for an edge to a document that no shard has, and OutputError.
    """
    offsets = shard_offsets(rows_per_shard)
    if len(outputs) != len(offsets) - 1:
        raise ValueError(f"{len(outputs)} outputs for {len(offsets) - 1} shards")
    edge_count = count_edges(edges)
    if offsets[-1] <= union_find_nodes:
        union_find = UnionFind(rows_per_shard)
        for first, second in read_edges(edges):
            union_find.union(first, second)
        written = _write(union_find.components(), outputs)
        return ComponentCounts(edge_count, written.members, written.components, "union-find", 0, tuple(written.files))
    with StarRounds(spill, edges=edge_count, memory_bytes=memory_bytes) as star_rounds:
        star_rounds.run(_known(read_edges(edges), offsets))
        written = _write(star_rounds.components(len(outputs)), outputs)
    rounds, files = star_rounds.rounds, tuple(written.files)
    return ComponentCounts(edge_count, written.members, written.components, "star rounds", rounds, files)


def _known(edges: Iterable[Pairs], offsets: Integers) -> Iterator[Pairs]:
    """The edges, all of whose ends are documents."""
    for first, second in edges:
        dense_numbers(first, offsets)
        dense_numbers(second, offsets)
        yield first, second


@dataclass
class _Written:
    members: int = 0
    components: int = 0
    files: list[OutputFile] = field(default_factory=list)


def _write(found: Iterable[tuple[Numbers, Nodes]], outputs: Sequence[str]) -> _Written:
    """Writes a file a shard."""
    written = _Written()
    for shard, ((rows, names), uri) in enumerate(zip(found, outputs, strict=True)):
        table = pa.table([pa.array(rows), pa.array(names)], schema=SCHEMA)
        with atomic_output(uri) as file:
            pq.write_table(table, pa.PythonFile(file, mode="w"), compression="zstd")
        nodes = rows.astype(np.uint64) | np.uint64(shard << ROW_BITS)
        written.members += len(rows)
        written.components += int((nodes == names).sum())  # its smallest member names a component
        written.files.append(OutputFile(path=uri, rows=len(rows), bytes=file.bytes, digest=file.hexdigest()))
    return written
