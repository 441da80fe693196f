"""From signatures to clusters at scale: time, CPU and memory a document, from one to ten million documents.

    python -m benchmarks.clusters /tmp/clusters --documents 1000000 2000000 5000000 10000000

Two processes, as on two cores. The folder takes 10 GB for 10 million documents, given back at the end, but for
``clusters.csv``. Every size is clustered twice, by union-find and by star rounds (in 512 MB), which must agree.
"""

import argparse
import csv
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.table import Table

from benchmarks.clusters_signatures import BANDS, ROWS, draw_clusters, shard_rows, write_signatures
from filters.clusters.edges import HotGroup, star_edges
from filters.minhash.bands import band_hashes
from pipelines.dedup import edge_files
from pipelines.dedup.components import ComponentCounts, write_components
from pipelines.dedup.signatures import signature_values
from pipelines.engine.exchange import ExchangeWriter, read_table
from pipelines.engine.outputs.layout import Layout
from pipelines.engine.watch.memory import PeakMemory, set_lean_allocation

PROCESSES = 2
BUCKET_ROWS = 5_000_000
HOT_MEMBERS = 10_000
WARM_UP_DOCUMENTS = 200_000
"""Not reported: meanwhile workers start and load their kernels."""
STAR_ROUNDS_MEMORY = 512 << 20
SIGNATURES, BAND_ROWS, EDGES = "signatures", "bands", "edges"
BANDS_SCHEMA = pa.schema(
    [pa.field("band_hash", pa.uint64(), nullable=False), pa.field("node", pa.uint64(), nullable=False)]
)


@dataclass(frozen=True)
class Spent:
    """What a step took."""

    documents: int
    step: str
    seconds: float
    cpu_seconds: float
    peak_mb: float


class Meter:
    """Time, CPU and memory of the whole process tree, step by step."""

    def __init__(self, documents: int) -> None:
        self.documents = documents
        self.steps: list[Spent] = []

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        started, cpu = time.monotonic(), cpu_seconds()
        with PeakMemory() as memory:
            yield
        spent = Spent(self.documents, name, time.monotonic() - started, cpu_seconds() - cpu, memory.peak_bytes / 1e6)
        self.steps.append(spent)


def cpu_seconds() -> float:
    """Of this process and its children."""
    this = psutil.Process()
    times = [process.cpu_times() for process in [this, *this.children(recursive=True)]]
    return sum(spent.user + spent.system for spent in times)


def shard_name(shard: int) -> str:
    return f"shard-{shard:05d}"


def write_shard(folder: Path, layout: Layout, shard: int) -> None:
    write_signatures(folder, shard, layout.uri(layout.data(SIGNATURES, shard_name(shard))))


def write_bands(layout: Layout, buckets: int, shard: int) -> None:
    """What the stage does for a shard: its band hashes into the exchange."""
    first = 0
    with (
        pq.ParquetFile(layout.uri(layout.data(SIGNATURES, shard_name(shard)))) as file,
        ExchangeWriter(layout, BAND_ROWS, shard_name(shard), BANDS_SCHEMA, buckets) as writer,
    ):
        for batch in file.iter_batches(10_000, columns=["scope", "signature"]):
            signatures = signature_values(batch.column("signature"))
            hashes = band_hashes(signatures, batch.column("scope").to_numpy(), BANDS, ROWS).ravel()
            rows = np.arange(first, first + len(signatures), dtype=np.uint64)
            nodes = np.repeat(rows | np.uint64(shard << 32), BANDS)
            writer.write(pa.record_batch([hashes, nodes], schema=BANDS_SCHEMA), hashes)
            first += len(signatures)


def write_edges(layout: Layout, shards: int, bucket: int) -> tuple[HotGroup, ...]:
    """What the stage does for a bucket: its candidate edges."""
    rows = read_table(layout, BAND_ROWS, map(shard_name, range(shards)), bucket, BANDS_SCHEMA)
    edges = star_edges(rows.column(0).to_numpy(), rows.column(1).to_numpy(), hot_members=HOT_MEMBERS)
    uri = Path(edges_uri(layout, bucket))
    uri.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table([edges.centres, edges.members], schema=edge_files.SCHEMA)
    pq.write_table(table, uri, use_dictionary=False, compression="zstd")
    return edges.hot


def edges_uri(layout: Layout, bucket: int) -> str:
    return layout.uri(layout.data(EDGES, f"bucket-{bucket:04d}"))


def measure(folder: Path, documents: int, pool: Executor) -> tuple[Meter, str]:
    """All steps for so many documents, in a folder of their own that is removed."""
    folder = folder / str(documents)
    folder.mkdir(parents=True)
    try:
        return cluster(folder, documents, pool)
    finally:
        shutil.rmtree(folder)


def cluster(folder: Path, documents: int, pool: Executor) -> tuple[Meter, str]:
    """All steps, and what they found."""
    meter, layout = Meter(documents), Layout(str(folder))
    rows = shard_rows(documents)
    shards = range(len(rows))
    buckets = 2 * -(-BANDS * documents // (2 * BUCKET_ROWS))
    drawn = draw_clusters(documents, folder)
    list(pool.map(partial(write_shard, folder, layout), shards))
    with meter.step("band hashes"):
        list(pool.map(partial(write_bands, layout, buckets), shards))
    with meter.step("candidate edges"):
        found = pool.map(partial(write_edges, layout, len(rows)), range(buckets))
        hot = [group for groups in found for group in groups]
    with meter.step("union-find"):
        counts = join(layout, rows, buckets, "union-find", documents)
    with meter.step("star rounds"):
        by_rounds = join(layout, rows, buckets, "star-rounds", 0)
    for shard in shards:
        one, other = (
            pq.read_table(layout.uri(layout.data(kind, shard_name(shard)))) for kind in ("union-find", "star-rounds")
        )
        if not one.equals(other):
            raise AssertionError(f"union-find and star rounds disagree on {shard_name(shard)}")
    return meter, (
        f"{documents:,} documents in {len(rows)} shards: drawn {drawn['clusters']:,} clusters, the largest of "
        f"{drawn['largest']:,}, and a hot band of {drawn['hot']:,}; found {counts.edges:,} edges, {counts.members:,} "
        f"documents in {counts.components:,} components, the same by {by_rounds.rounds} star rounds; "
        f"{len(hot)} hot groups of up to {max((group.members for group in hot), default=0):,}"
    )


def join(layout: Layout, rows: list[int], buckets: int, kind: str, union_find_nodes: int) -> ComponentCounts:
    return write_components(
        [edges_uri(layout, bucket) for bucket in range(buckets)],
        rows,
        [layout.uri(layout.data(kind, shard_name(shard))) for shard in range(len(rows))],
        spill=Path(layout.uri("spill")),
        union_find_nodes=union_find_nodes,
        memory_bytes=STAR_ROUNDS_MEMORY,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000_000, 2_000_000, 5_000_000, 10_000_000])
    arguments = parser.parse_args()
    set_lean_allocation()
    console = Console()
    meters = []
    with ProcessPoolExecutor(PROCESSES, get_context("spawn")) as pool:
        measure(arguments.folder, WARM_UP_DOCUMENTS, pool)
        for documents in arguments.documents:
            meter, summary = measure(arguments.folder, documents, pool)
            console.print(summary)
            meters.append(meter)
    save(meters, arguments.folder / "clusters.csv")
    for meter in meters:
        console.print(table(meter))
    console.print(plot(meters))


def save(meters: list[Meter], path: Path) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["documents", "step", "seconds", "cpu_seconds", "peak_mb"])
        for spent in (spent for meter in meters for spent in meter.steps):
            writer.writerow(
                [
                    spent.documents,
                    spent.step,
                    f"{spent.seconds:.2f}",
                    f"{spent.cpu_seconds:.2f}",
                    f"{spent.peak_mb:.0f}",
                ]
            )


def table(meter: Meter) -> Table:
    result = Table(title=f"{meter.documents:,} documents")
    for column in ("step", "seconds", "CPU s", "µs CPU a document", "peak MB"):
        result.add_column(column, justify="left" if column == "step" else "right")
    for spent in meter.steps:
        microseconds = 1e6 * spent.cpu_seconds / spent.documents
        result.add_row(
            spent.step,
            f"{spent.seconds:.1f}",
            f"{spent.cpu_seconds:.1f}",
            f"{microseconds:.1f}",
            f"{spent.peak_mb:.0f}",
        )
    return result


def plot(meters: list[Meter]) -> str:
    """A bar a size for each step: µs of CPU a document. Flat is equal lengths."""
    lines = ["µs of CPU a document"]
    costs = [[1e6 * spent.cpu_seconds / spent.documents for spent in meter.steps] for meter in meters]
    scale = 60 / max(max(steps) for steps in costs)
    for position, spent in enumerate(meters[0].steps):
        lines.append(spent.step)
        for meter, steps in zip(meters, costs, strict=True):
            lines.append(f"{meter.documents:>12,} {'█' * round(scale * steps[position])} {steps[position]:.1f}")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
